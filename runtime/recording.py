"""Running a backtest into its journal, from the start or from where it stopped."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import monotonic, time_ns
from typing import Final

from actors.execution.venue import Window
from actors.kit.lifecycle import lifecycle_input, lifecycle_step
from actors.kit.retracing import Retracing
from actors.kit.sequencer import StepSink
from events.codecs.json import decode_step
from events.journal import Journal, JournalWriter
from runtime.collecting import rare_collections
from runtime.hosts.inline.answering import Answering, Recorded
from runtime.interrupting import interruptible
from runtime.wired import WiredCell
from schemas.cell import CellLive, CellStarted, CellStopped
from schemas.envelope import Step
from schemas.quantities import Nanoseconds

FINISHED: Final = "finished"
"""Why a cell stopped whose market is over."""

FLUSH_EVERY_S: Final = 0.05
"""How long a step may wait for its group commit. What a crash takes is recomputed; what is not
committed cannot be projected yet, and is still to be done when the run is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """How much was run; what it came to is folded from the journal (``runtime.outcome``).

    Attributes:
        rows: market rows consumed.
        recovered: steps that an earlier attempt had recorded, and that came out the same.
    """

    rows: int
    recovered: int


def record(
    backtest: WiredCell,
    journal: Journal,
    windows: Iterable[Window],
    progress: Callable[[int], None],
) -> Recording:
    """Run to the end of the windows and append what is not in the journal yet.

    Raises:
        Diverged: the journal holds other decisions than this program makes.
        LogError: the journal could not be written; the same call goes on from there.
        KeyboardInterrupt: between two windows, and what was decided is durable.
    """
    with journal.open() as writer, rare_collections():
        epoch = writer.head.epoch + 1
        recovered = writer.head.next_seq
        sink: StepSink = resumed(backtest, journal, writer, epoch) if recovered else writer
        host, venue = backtest.host(sink, epoch, answering_again(backtest, journal, recovered))
        try:
            flushed = monotonic()
            market = interruptible(windows)
            for _ in host.steps(backtest.prologue(epoch), backtest.subscriptions, market):
                if monotonic() - flushed > FLUSH_EVERY_S:
                    writer.flush()
                    progress(host.rows)
                    flushed = monotonic()
        finally:
            venue.close()
        writer.append(said(backtest, writer, epoch, host.now, CellStopped(reason=FINISHED)))
    return Recording(rows=host.rows, recovered=recovered)


def answering_again(backtest: WiredCell, journal: Journal, recorded: int) -> Answering | None:
    """Who answers for recognisers: what is recorded is not worked out again."""
    fresh = backtest.answering()
    return fresh and Recorded(recorded_steps(journal, recorded), fresh)


def resumed(backtest: WiredCell, journal: Journal, writer: JournalWriter, epoch: int) -> Retracing:
    """Where the steps of a run that goes on are to be put: it begins again, and is compared."""
    recorded = writer.head.next_seq
    ts = next(recorded_steps(journal, recorded, start=recorded - 1)).ts
    writer.append(said(backtest, writer, epoch, ts, backtest.started))

    def caught_up() -> None:
        live = CellLive(recovered_steps=recorded)
        writer.append(said(backtest, writer, epoch, ts, live))

    return Retracing(recorded_steps(journal, recorded), writer, caught_up)


def recorded_steps(journal: Journal, end: int | None = None, *, start: int = 0) -> Iterator[Step]:
    """Steps ``start .. end - 1``, decoded; by default to the end."""
    for stored in journal.records(start):
        if end is not None and stored.seq >= end:
            return
        yield decode_step(stored.body)


def said(
    backtest: WiredCell,
    writer: JournalWriter,
    epoch: int,
    ts: Nanoseconds,
    payload: CellStarted | CellLive | CellStopped,
) -> Step:
    """What the cell says about itself, as the writer's next step."""
    given = lifecycle_input(backtest.identity, epoch, ts, payload)
    return lifecycle_step(backtest.identity, writer.head, epoch, given, time_ns())
