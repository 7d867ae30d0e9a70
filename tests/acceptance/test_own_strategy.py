"""A strategy in a file of the user's own: run, mistaken, mended."""

from pathlib import Path

import pytest

from events.backends.sqlite.journal import SqliteJournal
from events.chain import verify_chain
from runtime.home import Home
from tests.acceptance.audit import check_journal, steps_of
from tests.acceptance.processes import Victim, kill, wait_for
from tests.acceptance.program import EURUSD, TICKS, Wakeline

GOOD = """
from actors.strategies.hooks import Answer
from actors.strategies.parameters import parameter
from actors.strategies.template import Strategy
from schemas.market import Bar


class Swing(Strategy):
    every: int = parameter(50, ge=2, doc="bars between two turns")

    def prepare(self) -> None:
        self.count = 0

    def on_bar(self, bar: Bar) -> Answer:
        self.count += 1
        if self.count % self.every:
            return None
        wish = self.long if self.count // self.every % 2 else self.short
        return wish(bar.instrument, reason={"count": self.count})
"""
CHANCE = "bar.instrument, reason={'chance': random.random(), "
RAISES_LATER = GOOD.replace("if self.count %", "1 / (self.count - 700)\n        if self.count %")


def command(file: Path, name: str = "Swing") -> tuple[str, ...]:
    return ("backtest", "--data", str(TICKS), *EURUSD, "--strategy", f"{file}:{name}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "swing.py"
    path.write_text(GOOD)
    return path


def test_runs_by_file_and_class_with_its_parameters(wakeline: Wakeline, file: Path) -> None:
    slow = wakeline.ask(*command(file))
    fast = wakeline.ask(*command(file), "--param", "every=10")
    assert (slow["signals"], fast["signals"]) == (1425 // 50, 1425 // 10)
    compared = wakeline.ask("compare", str(slow["run"]), str(fast["run"]))
    assert compared["configuration"] == {"config.strategies.0.parameters.every": ["50", "10"]}
    assert compared["identical"] is False


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("class Swing", "class Swing("), "swing.py line 8: "),
        (GOOD.replace("parameter(50", "param(50"), "swing.py line 9: NameError"),
        (GOOD.replace("class Swing", "class Swnig"), "no class 'Swing'; did you mean Swnig?"),
        (
            GOOD.replace("self.count = 0", "self.count = 1 / 0"),
            "swing.py line 12, in prepare: ZeroDivision",
        ),
    ],
)
def test_a_file_that_cannot_become_a_strategy_is_named_by_line(
    wakeline: Wakeline, file: Path, text: str, complaint: str
) -> None:
    file.write_text(text)
    assert complaint in wakeline.run(*command(file)).complaint
    assert not Home(wakeline.home).runs()


def test_a_strategy_that_raises_is_named_and_runs_anew_when_it_is_mended(
    wakeline: Wakeline, file: Path
) -> None:
    file.write_text(RAISES_LATER)
    complaint = wakeline.run(*command(file)).complaint
    assert "swing.py line 16, in on_bar: ZeroDivisionError: division by zero" in complaint
    assert "strategy.swing at market.bar bar/EUR/USD.FXCM/1m/" in complaint
    (failed,) = Home(wakeline.home).runs()
    bars = [e for s in steps_of(wakeline, failed.run) for e in s.events if e.kind == "market.bar"]
    assert len(bars) == 699, "every bar before the one at which it raised is kept"
    file.write_text(GOOD)
    answer = wakeline.ask(*command(file))
    assert answer["run"] != failed.run, "other code is another run"
    check_journal(wakeline, str(answer["run"]))


def test_a_changed_file_is_told_when_its_old_run_is_replayed(
    wakeline: Wakeline, file: Path, tmp_path: Path
) -> None:
    run = str(wakeline.ask(*command(file))["run"])
    file.write_text(GOOD.replace("// self.every % 2", "// self.every % 3"))
    done = wakeline.run("replay", run, "--verify", "--json")
    assert (done.code, done.answer["identical"], done.answer["same_code"]) == (1, False, False)
    file.write_text(GOOD)
    assert wakeline.ask("replay", run, "--verify")["same_code"] is True


def test_a_strategy_that_depends_on_chance_is_found_out(wakeline: Wakeline, file: Path) -> None:
    file.write_text("import random\n" + GOOD.replace("bar.instrument, reason={", CHANCE))
    process = wakeline.start(*command(file))
    home = Home(wakeline.home)
    with process:
        assert wait_for(
            process, lambda: any(SqliteJournal(run.journal).end() > 300 for run in home.runs())
        )
        assert kill(process, Victim.GROUP)
    complaint = wakeline.run(*command(file)).complaint
    assert "signal.raised" in complaint
    assert "does a strategy use the clock, chance" in complaint
    (run,) = home.runs()
    assert verify_chain(SqliteJournal(run.journal).records()) is None, "what it has is kept"


def test_folders_of_the_user_do_not_stand_in_for_the_programs(
    wakeline: Wakeline, file: Path
) -> None:
    for name in ("events", "schemas", "runtime"):
        (file.parent / name).mkdir()
        (file.parent / name / "__init__.py").write_text("raise RuntimeError('the wrong one')")
    assert wakeline.ask(*command(Path(file.name)), cwd=file.parent)["signals"] == 28
