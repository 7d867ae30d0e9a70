"""A recorded run again, through the same code, to see whether its decisions come out the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from actors.execution.venue import Window
from actors.feeds.following import FollowedMarket
from events.chain import verify_chain
from events.codecs.json import decode_step
from events.errors import Corrupt
from events.journal import Journal
from events.market_log import MarketLog
from events.replay import Verdict, compare
from runtime.backends import journal_of, noted_backend, open_backend
from runtime.backtesting import known_instruments, market_windows
from runtime.config import parse_spec
from runtime.history import step_at
from runtime.home import Home, RunDirectory
from runtime.hosts.inline.answering import Answering, Recorded
from runtime.hosts.inline.given import Given, comings, given_in
from runtime.interrupting import interruptible
from runtime.recording import FINISHED
from runtime.terms import decided_again, recorded_terms, started
from runtime.unwritten import EPOCH, Unwritten
from runtime.wired import Backtest
from runtime.wiring import wire
from schemas.cell import CellStarted, CellStopped
from schemas.envelope import Step, carries
from schemas.errors import UserError
from schemas.order import OrderVetoed
from schemas.strategy import ParameterValue


class NotReplayable(UserError):
    """A run cannot be recomputed so: it is unfinished, its journal lacks its beginning, or what
    should be changed about it is not there.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A verdict, and whether the deciding code has changed since the run was recorded."""

    verdict: Verdict
    same_code: bool


def verify(
    home: Home,
    directory: RunDirectory,
    changed: Mapping[str, ParameterValue] | None = None,
    *,
    every_tick: bool = False,
) -> Replayed:
    """Recompute a finished run from the market log and hold it against its journal.

    That of a cell without a market is recomputed from what it heard.

    Args:
        changed: parameters of its first strategy to set otherwise, to see where that matters.
        every_tick: show the simulated venue also the ticks that it was spared, to see that nothing
            depended on them.

    Raises:
        NotReplayable: see there.
        Corrupt: the journal or the market log is not what was written.
    """
    kept = noted_backend(directory)
    backend = open_backend(kept, home)
    journal = backend.journal(kept.cell, directory.run)
    stopped = _checked_end(journal, directory)
    recorded = started_of(journal, directory.run)
    if directory.terms.exists():
        if changed:
            raise NotReplayable(f"run {directory.run}: it trades nothing, and has no parameters")
        terms = recorded_terms(recorded.configuration)
        again = decided_again(terms, directory.run, steps_of(journal), Unwritten())
        verdict = compare(steps_of(journal), again)
        return Replayed(verdict=verdict, same_code=recorded.code_hash == started(terms).code_hash)
    spec = parse_spec(recorded.configuration).with_parameters(changed or {})
    log = backend.market_log()
    wired = wire(spec, known_instruments(log, spec))
    backtest = replace(wired, run=directory.run, every_tick=every_tick)
    given = tuple(given_in(journal.records()))
    answering = Recorded(steps_of(journal)) if backtest.recognising.asked else None
    verdict = compare(steps_of(journal), recomputed(backtest, log, given, stopped, answering))
    return Replayed(verdict=verdict, same_code=recorded.code_hash == backtest.started.code_hash)


def _checked_end(journal: Journal, directory: RunDirectory) -> Step:
    """The step that says that the run ended.

    Decisions alone do not tell of a changed time of recording, or of a lost end.
    """
    broken = verify_chain(journal.records())
    if broken is not None:
        raise Corrupt(
            f"run {directory.run}: step {broken.seq} of its journal is not what was written:"
            f" expected {broken.expected}, found {broken.found}"
        )
    end = journal.end()
    last = step_at(journal, end - 1) if end else None
    if last is not None and isinstance(last.input.payload, CellStopped):
        return last
    if not directory.result.exists():
        raise NotReplayable(
            f"run {directory.run}: it is unfinished; the same `wakeline backtest` or `up` goes on"
            " with it"
        )
    raise Corrupt(f"run {directory.run}: its journal has lost its end; cell.stopped is missing")


def started_of(journal: Journal, run: str) -> CellStarted:
    """What a run's first writer said about it.

    Raises:
        NotReplayable: the journal does not begin so.
    """
    first = next(steps_of(journal), None)
    if first is None or not isinstance(first.input.payload, CellStarted):
        raise NotReplayable(f"run {run}: its journal does not begin with cell.started")
    return first.input.payload


def steps_of(journal: Journal) -> Iterator[Step]:
    """All durable steps, decoded."""
    return (decode_step(record.body) for record in journal.records())


def recomputed(
    backtest: Backtest,
    log: MarketLog,
    given: Sequence[Given],
    stopped: Step,
    answering: Answering | None,
) -> Iterator[Step]:
    """The steps of a run again.

    Args:
        given: what it was given beside the market.
        stopped: the step that says why it ended; unless its market was over, it ends there.
        answering: the answers that recognisers behind a gateway gave.
    """
    host, venue = backtest.host(Unwritten(), EPOCH, answering)
    is_whole = _reason(stopped) == FINISHED
    followed = FollowedMarket(log, backtest.spec.sources)
    market: Iterable[Window | Given | None]
    if given or not is_whole:
        market = comings(followed, given, None if is_whole else stopped.ts)
    else:
        market = market_windows(log, backtest.spec)
    try:
        yield from host.introduce(backtest.prologue(EPOCH))
        host.begin(backtest.subscriptions)
        for coming in interruptible(market):
            match coming:
                case Window():
                    yield from host.advance(coming)
                case Given(input=taken, origin=origin):
                    yield from host.receive(taken, origin)
                case None:
                    raise Corrupt(f"run {backtest.run}: the market that it consumed is not there")
        if is_whole:
            yield from host.finish()
    finally:
        venue.close()
        followed.close()


def _reason(stopped: Step) -> str:
    return stopped.input.payload.reason if carries(stopped.input, CellStopped) else ""


def first_veto(directory: RunDirectory) -> str | None:
    """Client order id of the first order of a run that risk stopped."""
    for step in steps_of(journal_of(directory)):
        for event in step.outputs:
            if isinstance(event.payload, OrderVetoed):
                return event.payload.ticket.client_order_id
    return None
