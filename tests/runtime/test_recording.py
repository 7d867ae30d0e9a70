"""Going on with a run from wherever it stopped."""

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from actors.feeds.merge import windows
from actors.kit.retracing import Diverged
from actors.monitoring.health import HealthConfig
from events.backends.memory.journal import MemoryJournal
from events.backends.memory.market_log import MemoryMarketLog
from events.chain import verify_chain
from events.codecs.json import decode_step
from events.journal import Journal
from runtime.backtesting import known_instruments
from runtime.config import BacktestConfig, RunSpec, StrategyConfig
from runtime.ingesting import DataConfig
from runtime.outcome import Outcome, outcome_of
from runtime.recording import Recording, record, recorded_steps
from runtime.telemetry.config import TelemetryConfig, Watched
from runtime.telemetry.telemetry import telemetry
from runtime.wired import Backtest
from runtime.wiring import wire
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


def backtest(fast: int = 2, health: HealthConfig | UnsetType = UNSET) -> Backtest:
    log, sources = market()
    strategy = StrategyConfig(
        use="ema_cross", parameters={"interval": "5s", "fast": fast, "slow": 5}
    )
    config = BacktestConfig(data=(DataConfig(paths=("x",)),), strategies=(strategy,), health=health)
    spec = RunSpec(config=config, sources=sources)
    return replace(wire(spec, known_instruments(log, spec)), run="r")


def recorded(journal: Journal, fast: int = 2) -> Recording:
    log, sources = market()
    return record(backtest(fast), journal, windows(log, sources), lambda _: None)


def outcome(journal: Journal) -> Outcome:
    return outcome_of(recorded_steps(journal))


@cache
def whole() -> tuple[tuple[Step, ...], str]:
    journal = MemoryJournal()
    recorded(journal)
    return tuple(recorded_steps(journal)), outcome(journal).decision_hash


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
    assert outcome(journal).decision_hash == expected
    for _ in stops[1:]:
        recorded(journal)
        assert outcome(journal).decision_hash == expected
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
    journal = MemoryJournal()
    recording, counts = recorded(journal), outcome(journal).counts
    kinds = [event.kind for step in whole()[0] for event in step.events]
    assert recording.rows == 500
    assert counts == {
        "bars": kinds.count("market.bar"),
        "signals": kinds.count("signal.raised"),
        "orders": kinds.count("order.requested"),
        "vetoes": kinds.count("order.vetoed"),
        "withheld": kinds.count("signal.withheld"),
        "fills": kinds.count("order.filled"),
    }
    assert counts["fills"] > 0


def test_reports_of_health_are_recorded_and_leave_the_decisions_as_they_are() -> None:
    log, sources = market()
    journal = MemoryJournal()
    reporting = backtest(health=HealthConfig(window_ms=5_000))
    record(reporting, journal, windows(log, sources), lambda _: None)
    assert outcome(journal).decision_hash == whole()[1]
    steps = [decode_step(stored.body) for stored in journal.records()]
    kinds = [event.kind for step in steps for event in step.events]
    assert kinds.count("health.reported") > 10


def test_a_run_that_is_watched_records_the_same_decisions_and_ids() -> None:
    log, sources = market()
    journal = MemoryJournal()
    cell = backtest()
    with telemetry(TelemetryConfig(sample=1.0), Watched(cell="main", run="r")) as watching:
        observer = watching.observer()
        watched = replace(cell, deciders=observer.deciders(cell.deciders))
        record(watched, observer.journal(journal), windows(log, sources), lambda _: None)
    assert outcome(journal).decision_hash == whole()[1]
    steps = [decode_step(stored.body) for stored in journal.records()]
    assert [e.id for step in steps for e in step.events] == [
        *(e.id for step in whole()[0] for e in step.events)
    ]
    assert watching.figures.counts["spans"] == sum(len(step.events) for step in steps)
    assert all(step.trace for step in steps)
