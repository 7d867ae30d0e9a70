"""A recorded run again, through the same code, to see whether its decisions come out the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from events.chain import verify_chain
from events.codecs.json import decode_step
from events.errors import Corrupt
from events.journal import Head
from events.replay import Verdict, compare
from runtime.backtesting import known_instruments, market_windows
from runtime.config import RunSpec, parse_spec
from runtime.history import step_at
from runtime.home import Home, RunDirectory
from runtime.hosts.inline.answering import Answering, Recorded
from runtime.interrupting import interruptible
from runtime.wiring import Backtest, wire
from schemas.cell import CellStarted, CellStopped
from schemas.envelope import GENESIS, Step
from schemas.errors import UserError
from schemas.order import OrderVetoed
from schemas.strategy import ParameterValue

EPOCH: Final = 1


class NotReplayable(UserError):
    """A run cannot be recomputed: it is unfinished, or its journal lacks its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A verdict, and whether the deciding code has changed since the run was recorded."""

    verdict: Verdict
    same_code: bool


class _Unwritten:
    """A sink that counts steps and keeps none."""

    def __init__(self) -> None:
        self.head = Head(next_seq=0, prev_hash=GENESIS, epoch=EPOCH)

    def append(self, step: Step) -> str:
        self.head = Head(next_seq=step.seq + 1, prev_hash=GENESIS, epoch=EPOCH)
        return GENESIS


def verify(
    home: Home, directory: RunDirectory, changed: Mapping[str, ParameterValue] | None = None
) -> Replayed:
    """Recompute a finished run from the market log and hold it against its journal.

    Args:
        changed: parameters of its first strategy to set otherwise, to see where that matters.

    Raises:
        NotReplayable: see there.
        Corrupt: the journal or the market log is not what was written.
    """
    if not directory.result.exists():
        raise NotReplayable(
            f"run {directory.run}: it is unfinished; the same `wakeline backtest` goes on with it"
        )
    journal = SqliteJournal(directory.journal)
    _check_whole(journal, directory.run)
    recorded = started_of(journal, directory.run)
    spec = with_parameters(parse_spec(recorded.configuration), changed or {})
    log = SqliteMarketLog(home.market)
    backtest = replace(wire(spec, known_instruments(log, spec)), run=directory.run)
    answering = Recorded(steps_of(journal)) if backtest.recognising.asks else None
    verdict = compare(steps_of(journal), _recomputed(backtest, log, answering))
    return Replayed(verdict=verdict, same_code=recorded.code_hash == backtest.started.code_hash)


def _check_whole(journal: SqliteJournal, run: str) -> None:
    """Decisions alone do not tell of a changed time of recording, or of a lost end."""
    broken = verify_chain(journal.records())
    if broken is not None:
        raise Corrupt(
            f"run {run}: step {broken.seq} of its journal is not what was written:"
            f" expected {broken.expected}, found {broken.found}"
        )
    end = journal.end()
    if not end or not isinstance(step_at(journal, end - 1).input.payload, CellStopped):
        raise Corrupt(f"run {run}: its journal has lost its end; cell.stopped is missing")


def started_of(journal: SqliteJournal, run: str) -> CellStarted:
    """What a run's first writer said about it.

    Raises:
        NotReplayable: the journal does not begin so.
    """
    first = next(steps_of(journal), None)
    if first is None or not isinstance(first.input.payload, CellStarted):
        raise NotReplayable(f"run {run}: its journal does not begin with cell.started")
    return first.input.payload


def steps_of(journal: SqliteJournal) -> Iterator[Step]:
    """All durable steps, decoded."""
    return (decode_step(record.body) for record in journal.records())


def with_parameters(spec: RunSpec, changed: Mapping[str, ParameterValue]) -> RunSpec:
    """The spec with other parameters of its first strategy."""
    first, *others = spec.config.strategies
    first = msgspec.structs.replace(first, parameters={**first.parameters, **changed})
    config = msgspec.structs.replace(spec.config, strategies=(first, *others))
    return msgspec.structs.replace(spec, config=config)


def _recomputed(
    backtest: Backtest, log: SqliteMarketLog, answering: Answering | None
) -> Iterator[Step]:
    host, venue = backtest.host(_Unwritten(), EPOCH, answering)
    try:
        windows = interruptible(market_windows(log, backtest.spec))
        yield from host.steps(backtest.prologue(EPOCH), backtest.subscriptions, windows)
    finally:
        venue.close()


def first_veto(directory: RunDirectory) -> str | None:
    """Client order id of the first order of a run that risk stopped."""
    for step in steps_of(SqliteJournal(directory.journal)):
        for event in step.outputs:
            if isinstance(event.payload, OrderVetoed):
                return event.payload.ticket.client_order_id
    return None
