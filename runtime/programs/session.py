"""A paper session: a cell at work on growing market logs, with a simulated venue inside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Final

from actors.execution.venue import Window
from actors.feeds.following import FollowedMarket
from actors.kit.inputs import input_of
from actors.kit.reception import Reception
from actors.kit.retracing import Retracing
from actors.kit.sequencer import StepSink
from events.codecs.json import decode_step
from events.ingress import Ingress
from events.journal import Journal, JournalWriter
from runtime.hosts.inline.given import Given, comings, given_in
from runtime.outcome import Reckoning
from runtime.programs.ending import DRAINED
from runtime.programs.workload import Workload
from runtime.recording import FINISHED, Recording, answering_again, resumed, said
from runtime.wired import WiredCell
from schemas.cell import CellStopped
from schemas.envelope import AnyEvent, Origin, Step

POSTS_PER_TURN: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionParts:
    """What a session is made of.

    Attributes:
        cell: wired as for a backtest of the same sources.
        market: the sources, from their start.
    """

    cell: WiredCell
    journal: Journal
    ingress: Ingress
    market: FollowedMarket


class Session:
    """From recovery to the end. The journal holds an earlier beginning of it, or nothing.

    While it retraces what is recorded, what was given comes from the journal; afterwards it comes
    from the ingress, and is taken between two windows of the market.

    Attributes:
        ended: why the cell stopped for good; empty while it goes on.
    """

    def __init__(self, parts: SessionParts, writer: JournalWriter) -> None:
        self._parts: Final = parts
        self._writer: Final = writer
        self.recovered: Final = writer.head.next_seq
        self.epoch: Final = writer.head.epoch + 1
        self.began_s: Final = monotonic()
        self._sink: Final = self._opened_sink()
        answering = answering_again(parts.cell, parts.journal, self.recovered)
        self._host, self._venue = parts.cell.host(self._sink, self.epoch, answering)
        self._reception: Final = Reception(parts.ingress)
        self._comings: Final = self._market_to_come()
        self.reckoning: Final = Reckoning()
        self.workload: Final = Workload()
        self._begun = 0
        self.ended = ""

    def begin(self) -> None:
        """Say who the cell is, and open the venue."""
        cell = self._parts.cell
        self._note(self._host.introduce(cell.prologue(self.epoch)))
        self._host.begin(cell.subscriptions)
        self._writer.flush()
        first = decode_step(next(iter(self._parts.journal.records())).body)
        self._begun = first.ts_recorded

    def turn(self) -> bool:
        """Take what was posted, or what the market did, and make it durable.

        Raises:
            Diverged: the journal holds other decisions than this program makes.
            IngressGap: a writer's numbers jump.
            LogError: the journal could not be written.
        """
        if self.ended:
            return False
        worked = not self.retracing and self._take_posted(asking=False)
        if self._is_drained():
            self._note(self._host.pause())
            self._say_stopped(DRAINED)
            self.ended = DRAINED
            return True
        worked |= self._take_market()
        if worked:
            self._writer.flush()
        return worked

    def pause(self, reason: str) -> None:
        """Take what was posted until now and close the stretch; the same journal can go on later.

        While it retraces nothing is said: the journal is further than the session.
        """
        if not (self.ended or self.retracing):
            self._take_posted(asking=True)
            self._note(self._host.pause())
            self._say_stopped(reason)

    def close(self) -> None:
        """Let go of the venue and of the market."""
        self._venue.close()
        self._parts.market.close()

    @property
    def retracing(self) -> bool:
        """Whether recorded steps are still to be recomputed."""
        return isinstance(self._sink, Retracing) and self._sink.retracing

    @property
    def cell(self) -> WiredCell:
        """The cell as it was wired."""
        return self._parts.cell

    @property
    def steps(self) -> int:
        """Durable steps in the journal."""
        return self._writer.durable_seq + 1

    @property
    def positions(self) -> Mapping[str, int]:
        """For each source, the first row that was not consumed yet."""
        return self._parts.market.positions

    @property
    def refused(self) -> int:
        """Rows that the feeds did not accept."""
        return self._parts.market.refused

    @property
    def holding(self) -> tuple[str, ...]:
        """Sources whose next row the others wait for."""
        return self._parts.market.holding

    @property
    def recording(self) -> Recording:
        """How much was run so far."""
        return Recording(rows=self._host.rows, recovered=self.recovered)

    def _opened_sink(self) -> StepSink:
        parts = self._parts
        if not self.recovered:
            return self._writer
        return resumed(parts.cell, parts.journal, self._writer, self.epoch)

    def _market_to_come(self) -> Iterator[Window | Given | None]:
        given = given_in(self._parts.journal.records()) if self.recovered else iter(())
        # Read to its end now: what is given from here on is written to the same journal.
        return comings(self._parts.market, tuple(given))

    def _take_posted(self, *, asking: bool) -> bool:
        taken = False
        for posted in self._reception.poll(POSTS_PER_TURN, asking=asking):
            if self._is_past(posted.event):
                continue
            origin = Origin(posted.position, posted.writer, posted.number)
            self._note(self._host.receive(input_of(posted.event), origin))
            taken = True
        return taken

    def _is_past(self, event: AnyEvent) -> bool:
        """Whether it was said to an earlier run of this cell."""
        return event.ts_recorded < self._begun

    def _take_market(self) -> bool:
        match next(self._comings, self._over):
            case Window() as window:
                self._note(self._host.advance(window))
            case Given(input=given, origin=origin):
                self._note(self._host.receive(given, origin))
                if origin is not None:
                    self._reception.learn(origin)
            case None:
                return False
            case _:
                self._note(self._host.finish())
                self._say_stopped(FINISHED)
                self.ended = FINISHED
        return True

    _over: Final = object()

    def _is_drained(self) -> bool:
        return self.workload.draining and not self.workload.in_flight and not self.retracing

    def _say_stopped(self, reason: str) -> None:
        cell, stopped = self._parts.cell, CellStopped(reason=reason)
        self._writer.append(said(cell, self._writer, self.epoch, self._host.now, stopped))
        self._writer.flush()

    def _note(self, steps: list[Step]) -> None:
        for step in steps:
            self.reckoning.add(step)
            self.workload.learn(step)
