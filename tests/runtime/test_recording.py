"""Going on with a run from wherever it stopped."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.feeds.merge import windows
from actors.kit.retracing import Diverged
from events.backends.memory.journal import MemoryJournal
from events.backends.memory.market_log import MemoryMarketLog
from events.chain import verify_chain
from events.codecs.json import decode_step
from events.journal import Journal
from runtime.backtesting import known_instruments
from runtime.config import BacktestConfig, RunSpec, StrategyConfig
from runtime.ingesting import DataConfig
from runtime.recording import Recording, record
from runtime.wiring import Backtest, wire
from schemas.envelope import Step
from tests.acceptance import in_memory
from tests.acceptance.test_same_decisions import HOUR

STEPS = 60
"""How many of the first steps a stopped run may have recorded."""


@cache
def market() -> tuple[MemoryMarketLog, tuple[str, ...]]:
    log, (source,) = in_memory.ingested([HOUR])
    short = MemoryMarketLog()
    with short.open(source) as writer:
        for each in log.read(source, 0, 500):
            writer.append(each.kind, each.terms, each.batch, checkpoint=b"")
    return short, (source,)


def backtest(fast: int = 2) -> Backtest:
    log, sources = market()
    strategy = StrategyConfig(
        use="ema_cross", parameters={"interval": "5s", "fast": fast, "slow": 5}
    )
    config = BacktestConfig(data=(DataConfig(paths=("x",)),), strategies=(strategy,))
    spec = RunSpec(config=config, sources=sources)
    return replace(wire(spec, known_instruments(log, spec)), run="r")


def recorded(journal: Journal, fast: int = 2) -> Recording:
    log, sources = market()
    return record(backtest(fast), journal, windows(log, sources), lambda _: None)


@cache
def whole() -> tuple[tuple[Step, ...], str]:
    journal = MemoryJournal()
    recording = recorded(journal)
    steps = tuple(decode_step(stored.body) for stored in journal.records())
    return steps, recording.decisions.hexdigest()


def stopped_after(count: int) -> MemoryJournal:
    """A journal that holds the first steps and nothing else, as after a kill."""
    journal = MemoryJournal()
    with journal.open() as writer:
        for step in whole()[0][:count]:
            writer.append(step)
    return journal


@settings(max_examples=30)
@given(st.lists(st.integers(0, STEPS), min_size=1, max_size=3))
def test_a_run_that_stopped_anywhere_goes_on_to_the_same_decisions(stops: list[int]) -> None:
    steps, expected = whole()
    assert len(steps) > STEPS
    journal = stopped_after(stops[0])
    recording = recorded(journal)
    assert recording.recovered == stops[0]
    assert recording.decisions.hexdigest() == expected
    for _ in stops[1:]:
        assert recorded(journal).decisions.hexdigest() == expected
    assert verify_chain(journal.records()) is None
    said = [decode_step(stored.body) for stored in journal.records()]
    business = [step for step in said if not step.input.kind.startswith("cell.")]
    assert [step.input.id for step in business] == [
        step.input.id for step in steps if not step.input.kind.startswith("cell.")
    ]


def test_a_run_of_other_parameters_is_not_gone_on_with() -> None:
    with pytest.raises(Diverged, match=r"^step \d+ was recorded as market\.bar"):
        recorded(stopped_after(len(whole()[0])), fast=4)


def test_counts_what_it_recorded() -> None:
    recording = recorded(MemoryJournal())
    kinds = [event.kind for step in whole()[0] for event in step.events]
    assert recording.rows == 500
    assert recording.tally.counts == {
        "bars": kinds.count("market.bar"),
        "signals": kinds.count("signal.raised"),
        "orders": kinds.count("order.requested"),
        "vetoes": kinds.count("order.vetoed"),
        "withheld": kinds.count("signal.withheld"),
        "fills": kinds.count("order.filled"),
    }
    assert recording.tally.counts["fills"] > 0
