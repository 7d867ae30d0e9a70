"""Deciding by itself: the inputs of a real run through the sequencer and all deciders of its cell.

The steps go nowhere: no venue, no encoding, no disk. Every input has been decoded before.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Final

from actors.kit.deliberation import Deliberation
from actors.kit.inputs import Input, input_of
from actors.kit.sequencer import Sequencer
from benchmarks.apart import apart
from benchmarks.markets import eurusd_files
from benchmarks.result import Result
from benchmarks.whole_way import backtested
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from events.journal import Head
from runtime.backtesting import known_instruments
from runtime.collecting import rare_collections
from runtime.config import parse_spec
from runtime.home import Home
from runtime.recording import recorded_steps
from runtime.replaying import started_of
from runtime.wired import Backtest
from runtime.wiring import wire
from schemas.envelope import GENESIS, Step

TARGET: Final = 100_000


class _Nowhere:
    """A sink that counts what it is given."""

    def __init__(self) -> None:
        self.events = 0
        self._next = 0

    @property
    def head(self) -> Head:
        return Head(next_seq=self._next, prev_hash=GENESIS, epoch=1)

    def append(self, step: Step) -> str:
        self._next += 1
        self.events += len(step.events)
        return GENESIS


def results(scratch: Path, repetitions: int) -> Iterator[Result]:
    """Inputs a second, and the events that came of them."""
    home = Home.create(scratch / "home")
    run = apart(backtested, home.path, eurusd_files(scratch)).run
    journal = SqliteJournal(home.run_dir(run).journal)
    steps = list(recorded_steps(journal))
    inputs = [input_of(step.input) for step in steps]
    spec = parse_spec(started_of(journal, run).configuration)
    instruments = known_instruments(SqliteMarketLog(home.market), spec)
    events = sum(len(step.events) for step in steps)
    inputs_s, events_s = [], []
    for _ in range(repetitions):
        seconds = _decided(wire(spec, instruments), inputs, events)
        inputs_s.append(len(inputs) / seconds)
        events_s.append(events / seconds)
    yield Result(
        benchmark="deciding",
        measured="inputs of a run, all deciders of its cell",
        unit="inputs/s",
        values=tuple(inputs_s),
        target=TARGET,
    )
    yield Result(
        benchmark="deciding",
        measured="the same, by events",
        unit="events/s",
        values=tuple(events_s),
    )


def _decided(backtest: Backtest, inputs: Sequence[Input], events: int) -> float:
    """Seconds that it takes to decide what was decided."""
    sink = _Nowhere()
    sequencer = Sequencer(
        backtest.identity,
        Deliberation(backtest.deciders),
        sink,
        epoch=1,
        recording_clock=lambda: 0,
    )
    with rare_collections():
        began = perf_counter()
        for given in inputs:
            sequencer.take(given)
        seconds = perf_counter() - began
    assert sink.events == events, f"{sink.events} events came of it, and {events} are recorded"
    return seconds
