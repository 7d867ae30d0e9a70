"""What a search has come to, at every stage of it, and of what is none."""

from collections.abc import Callable
from pathlib import Path

import pytest

from events.backends.sqlite.database import Durability
from runtime.backends import SqliteBackend
from runtime.candidates import Candidates, NoSearch, candidates_of
from runtime.home import Home
from runtime.replaying import NotReplayable, verify
from tests.runtime.programs.test_searching import RUN, TERMS, Looking

type At = Callable[[int], Candidates]


@pytest.fixture(scope="module")
def looking() -> Looking:
    """A search that is over."""
    made = Looking()
    made.run_out()
    made.close()
    return made


@pytest.fixture
def at(looking: Looking, tmp_path: Path) -> At:
    """As far as so many steps of its journal."""
    home = Home.create(tmp_path / "home")
    home.run_dir(RUN).terms.write_text("{}", encoding="utf-8")

    def so_far(steps: int) -> Candidates:
        journal = SqliteBackend(home, Durability.PROCESS_CRASH).journal(TERMS.name, RUN)
        with journal.open() as writer:
            for step in looking.steps()[journal.end() : steps]:
                writer.append(step)
        return candidates_of(home.run_dir(RUN))

    return so_far


def test_candidates_are_ranked_as_far_as_they_were_tried(looking: Looking, at: At) -> None:
    proposed = at(2)
    assert (proposed.tried, len(proposed.candidates), proposed.verdict) == (0, 6, {})
    assert {each.state for each in proposed.candidates} == {"untried"}
    some = at(5)
    assert some.tried == 3
    assert some.candidates[0].state == "tried"
    everything = at(len(looking.steps()))
    assert everything.tried == 6
    ratios = [each.figures.get("sharpe") for each in everything.candidates]
    assert ratios[4:] == [None, None], "who failed comes last"
    known = [ratio for ratio in ratios if ratio is not None]
    assert known == sorted(known, reverse=True)
    assert everything.verdict["sharpe"] == known[0]
    assert {each.state for each in everything.candidates} <= {"promoted", "retired"}
    assert all(each.reason for each in everything.candidates)
    assert everything.candidates[-1].reason.startswith("its trial failed: ")
    assert everything.candidates[0].backtest.startswith("ema-cross-")


def test_what_is_no_search_is_refused(at: At, tmp_path: Path) -> None:
    at(2)
    directory = Home.existing(tmp_path / "home").run_dir(RUN)
    directory.terms.unlink()
    with pytest.raises(NoSearch, match=f"run {RUN}: it is no search"):
        candidates_of(directory)


def test_a_finished_search_verifies_and_has_no_parameters_to_set(
    looking: Looking, at: At, tmp_path: Path
) -> None:
    at(len(looking.steps()))
    home = Home.existing(tmp_path / "home")
    assert verify(home, home.run_dir(RUN)).verdict.identical
    with pytest.raises(NotReplayable, match=f"run {RUN}: it trades nothing, and has no parameters"):
        verify(home, home.run_dir(RUN), {"fast": 3})
