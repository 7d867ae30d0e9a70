"""Deciding by itself: the inputs of a real run through the sequencer and all deciders of its cell.

The steps go nowhere: no venue, no encoding, no disk. Every input has been decoded before. One
strategy goes by bars of a minute, at each of which the account is valued and judged; the other by
every quote.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter
from typing import Final

from actors.execution.venue import Window
from actors.kit.deliberation import Deliberation
from actors.kit.inputs import Input, input_of
from actors.kit.sequencer import Sequencer
from benchmarks.markets import eurusd, eurusd_files
from benchmarks.result import Result
from events.backends.sqlite.database import Durability
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from events.journal import Head
from runtime.backtesting import known_instruments, market_windows
from runtime.collecting import rare_collections
from runtime.config import BacktestConfig, RunSpec, StrategyConfig
from runtime.ingesting import ingest_all
from runtime.recording import record
from runtime.wired import Backtest
from runtime.wiring import wire
from schemas.envelope import GENESIS, AnyEvent, Step
from schemas.registry import Payload, registered

TARGET: Final = 100_000

_QUOTE_CROSS: Final = f"{Path(__file__).parent / 'quote_cross.py'}:QuoteCross"
_HEARD: Final = {
    "bars": (StrategyConfig(use="ema_cross"), 1_000_000),
    "quotes": (StrategyConfig(use=_QUOTE_CROSS), 100_000),
}
"""A strategy, and the rows of market that it runs over: what is heard is kept in memory."""


class _Ear:
    """A decider that says nothing and keeps what the cell was told."""

    author: Final = "ear"
    consumes: Final[frozenset[type[Payload]]] = frozenset(kind for _, _, kind in registered())

    def __init__(self, cell: Backtest) -> None:
        self._own: Final = frozenset(decider.author for decider in cell.deciders)
        self.inputs: Final[list[Input]] = []
        self.outputs = 0

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        if event.author in self._own:
            self.outputs += 1
        else:
            self.inputs.append(input_of(event))
        return ()

    def learn(self, event: AnyEvent) -> None:
        self.handle(event)


class _Nowhere:
    """A sink that counts what it is given."""

    def __init__(self) -> None:
        self.outputs = 0
        self._next = 0

    @property
    def head(self) -> Head:
        return Head(next_seq=self._next, prev_hash=GENESIS, epoch=1)

    def append(self, step: Step) -> str:
        self._next += 1
        self.outputs += len(step.outputs)
        return GENESIS


def results(scratch: Path, repetitions: int) -> Iterator[Result]:
    """Inputs a second, and the events that came of them."""
    log = SqliteMarketLog(scratch / "market", Durability.PROCESS_CRASH)
    data = (eurusd(eurusd_files(scratch)),)
    (ingested,) = ingest_all(log, data, lambda _source, _rows: None, ())
    for heard, (strategy, rows) in _HEARD.items():
        config = BacktestConfig(data=data, strategies=(strategy,))
        spec = RunSpec(config=config, sources=(ingested.source,))
        instruments = known_instruments(log, spec)
        market = _beginning(market_windows(log, spec), rows)
        ear = _heard(wire(spec, instruments), market, Path(mkdtemp(dir=scratch)))
        seconds = [_decided(wire(spec, instruments), ear) for _ in range(repetitions)]
        yield from _results(heard, ear, seconds)


def _results(heard: str, ear: _Ear, seconds: Sequence[float]) -> Iterator[Result]:
    for unit, count, target in (
        ("inputs/s", len(ear.inputs), TARGET),
        ("events/s", len(ear.inputs) + ear.outputs, None),
    ):
        yield Result(
            benchmark="deciding",
            measured=f"inputs of a run, most of them {heard}",
            unit=unit,
            values=tuple(count / each for each in seconds),
            target=target,
        )


def _beginning(windows: Iterable[Window], rows: int) -> Iterator[Window]:
    """Those of the first so many rows."""
    for window in windows:
        rows -= sum(each.rows for each in window.records)
        if rows < 0:
            return
        yield window


def _heard(cell: Backtest, windows: Iterable[Window], scratch: Path) -> _Ear:
    """What its deciders are told in a run of the cell."""
    ear = _Ear(cell)
    journal = SqliteJournal(scratch / "journal", Durability.PROCESS_CRASH)
    record(replace(cell, deciders=(*cell.deciders, ear)), journal, windows, lambda _: None)
    return ear


def _decided(cell: Backtest, ear: _Ear) -> float:
    """Seconds that it takes to decide what was decided."""
    sink = _Nowhere()
    sequencer = Sequencer(
        cell.identity,
        Deliberation(cell.deciders),
        sink,
        epoch=1,
        recording_clock=lambda: 0,
    )
    with rare_collections():
        began = perf_counter()
        for given in ear.inputs:
            sequencer.take(given)
        seconds = perf_counter() - began
    assert sink.outputs == ear.outputs, f"{sink.outputs} answers, and {ear.outputs} in the run"
    return seconds
