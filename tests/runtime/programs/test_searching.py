"""A search and who tries for it, on logs in memory: whoever is killed, each is tried once."""

from collections import Counter

import pytest

from events.codecs.json import decode_step
from events.replay import compare
from runtime.backends import MemoryBackend
from runtime.programs.feeding import FeedProgram
from runtime.programs.program import Stage
from runtime.programs.searching import SearchProgram
from runtime.programs.specs import SearchSpec, TrialsSpec
from runtime.programs.trying import TrialsProgram
from runtime.terms import decided_again, run_of
from schemas.cell import CellStopped
from schemas.envelope import Step, carries
from schemas.registry import Payload
from schemas.strategy import StrategyEvaluated, StrategyProposed, StrategyRetired
from tests.runtime.programs.days import FEED
from tests.runtime.synthesis.looking import terms

TERMS = terms()[0]
RUN = run_of(TERMS)


class Looking:
    """A search and one who tries, over the same hour as a backtest's. On one thread there cannot
    be two: Nautilus' engines would disturb each other.
    """

    def __init__(self, *, fed: bool = True) -> None:
        self.backend = MemoryBackend()
        if fed:
            self.feed()
        self.search = self.new_search()
        self.trials = self.new_trials()

    def feed(self) -> None:
        feed = FeedProgram(FEED, self.backend.market_log())
        feed.start()
        while feed.turn():
            pass

    def new_search(self) -> SearchProgram:
        made = SearchProgram(SearchSpec(run=RUN, terms=TERMS), self.backend)
        made.start()
        return made

    def new_trials(self) -> TrialsProgram:
        spec = TrialsSpec(name="crosses-0", run=RUN, terms=TERMS)
        made = TrialsProgram(spec, self.backend)
        made.start()
        return made

    def turn(self) -> bool:
        return self.search.turn() | self.trials.turn()

    def run_out(self) -> None:
        while self.turn():
            pass

    def close(self) -> None:
        self.search.close()
        self.trials.close()

    def steps(self) -> list[Step]:
        journal = self.backend.journal(TERMS.name, RUN)
        return [decode_step(record.body) for record in journal.records()]

    def said(self) -> list[Payload]:
        """By the search."""
        return [event.payload for step in self.steps() for event in step.outputs]

    def heard(self) -> Counter[str]:
        """How often it is recorded what became of a proposal."""
        return Counter(
            step.input.cause
            for step in self.steps()
            if isinstance(step.input.payload, StrategyEvaluated | StrategyRetired)
        )

    def proposals(self) -> list[str]:
        return [
            event.id
            for step in self.steps()
            for event in step.outputs
            if carries(event, StrategyProposed)
        ]


@pytest.fixture
def looking() -> Looking:
    return Looking()


def test_every_candidate_is_tried_and_the_verdict_verifies(looking: Looking) -> None:
    looking.run_out()
    assert looking.heard() == Counter(looking.proposals())
    assert len(looking.proposals()) == 6
    (judged,) = (each for each in looking.said() if isinstance(each, StrategyEvaluated))
    assert judged.trials == 6
    heard = [step.input.payload for step in looking.steps()]
    reasons = [each.reason for each in heard if isinstance(each, StrategyRetired)]
    assert len(reasons) == 2, "a fast average of 9 bars is not faster than one of 5 or 8"
    assert all(reason.startswith("its trial failed: ") for reason in reasons)
    assert looking.search.status().stage is Stage.FINISHED
    assert looking.trials.status().stage is Stage.FINISHED
    assert looking.steps()[-1].input.payload == CellStopped(reason="finished")
    writer = MemoryBackend().journal("again").open()
    again = decided_again(TERMS, RUN, looking.steps(), writer)
    assert compare(looking.steps(), again).identical
    looking.close()


@pytest.mark.parametrize("turns", [1, 2, 3, 5, 8])
def test_whoever_is_killed_between_turns_each_is_recorded_once(
    looking: Looking, turns: int
) -> None:
    undisturbed = Looking()
    undisturbed.run_out()
    undisturbed.close()
    for _ in range(2):
        for _ in range(turns):
            looking.turn()
        looking.trials.close()
        looking.trials = looking.new_trials()
        looking.search.close()
        looking.search = looking.new_search()
    looking.run_out()
    assert looking.heard() == Counter(looking.proposals())
    assert looking.said() == undisturbed.said()
    looking.close()


def test_nothing_is_tried_on_half_a_market() -> None:
    looking = Looking(fed=False)
    looking.run_out()
    assert not looking.heard()
    status = looking.trials.status()
    assert status.waits_for.startswith("the whole market of dukascopy-eurusd")
    assert looking.search.status().waits_for == "6 of 6 trials"
    looking.feed()
    looking.run_out()
    assert len(looking.heard()) == 6
    looking.close()


def test_a_finished_search_is_not_made_again(looking: Looking) -> None:
    looking.run_out()
    before = looking.proposals()
    again = looking.new_search()
    again.turn()
    assert again.status().stage is Stage.FINISHED
    assert looking.proposals() == before
    looking.close()
