"""A cell's ports, watched: they do what they did, and note when. Nothing behind them is changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, override

from msgspec.structs import replace

from actors.execution.exchange import Exchange
from events.ingress import Ingress, Posted
from events.journal import Journal, JournalWriter
from events.passing import PassingJournal, PassingWriter
from runtime.telemetry.sampling import Sampling
from runtime.telemetry.taken import Flushed, Noted, Performed, Taken, now, today
from runtime.telemetry.timing import StopWatch
from schemas.envelope import Event, Step
from schemas.order import OrderApproved
from schemas.quantities import Nanoseconds
from schemas.trace_context import span_id, trace_id, traceparent


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where notes go.

    Attributes:
        note: leaves one, and never waits.
        end: says that the cell is over.
    """

    note: Callable[[Noted], None]
    end: Callable[[], None]


class Waiting:
    """When inputs were posted that are in no step yet."""

    def __init__(self) -> None:
        self._posted: Final[dict[int, Nanoseconds]] = {}

    @property
    def depth(self) -> int:
        """How many of the last page are still to be taken."""
        return len(self._posted)

    def arrived(self, posted: Sequence[Posted]) -> None:
        """Note a page of the ingress; what was there before has been taken, or dropped."""
        self._posted.clear()
        self._posted.update((each.position, each.event.ts_recorded) for each in posted)

    def taken(self, step: Step) -> Nanoseconds | None:
        """When the input of a step was posted, if it was."""
        return None if step.origin is None else self._posted.pop(step.origin.position, None)


class ObservedIngress:
    """An ingress that notes when what it delivers was posted."""

    def __init__(self, ingress: Ingress, waiting: Waiting) -> None:
        self._ingress: Final = ingress
        self._waiting: Final = waiting
        self.post: Final = ingress.post
        self.next_number: Final = ingress.next_number
        self.close: Final = ingress.close

    def poll(self, from_position: int, limit: int, *, asking: bool = True) -> Sequence[Posted]:
        """As the ingress."""
        page = self._ingress.poll(from_position, limit, asking=asking)
        self._waiting.arrived(page)
        return page


class ObservedWriter(PassingWriter):
    """A journal's writer that notes every step, and writes the trace's context into kept ones."""

    def __init__(
        self,
        writer: JournalWriter,
        watch: StopWatch,
        waiting: Waiting,
        sampling: Sampling,
        desk: Desk,
    ) -> None:
        super().__init__(writer)
        self._watch: Final = watch
        self._waiting: Final = waiting
        self._sampling: Final = sampling
        self._note: Final = desk.note
        self._end: Final = desk.end

    @override
    def append(self, step: Step) -> str:
        """As the writer."""
        appending = now()
        kept = self._sampling.keeps(step)
        if kept:
            trace = trace_id(step.cell, step.run, step.input.correlation)
            span = span_id(trace, step.input.id)
            step = replace(step, trace=traceparent(trace, span, sampled=True))
        digest = self._writer.append(step)
        self._note(
            Taken(
                step=step,
                kept=kept,
                answered=self._watch.take(),
                posted=self._waiting.taken(step),
                appending=appending,
                appended=now(),
                wall=today(),
            )
        )
        return digest

    @override
    def flush(self) -> int:
        """As the writer."""
        began = now()
        durable = self._writer.flush()
        self._note(Flushed(duration=now() - began))
        return durable

    @override
    def close(self) -> None:
        """As the writer; the watching ends with it."""
        self._writer.close()
        self._end()

    @override
    def __exit__(self, *raised: object) -> None:
        super().__exit__(*raised)
        self._end()


class ObservedJournal(PassingJournal):
    """A journal whose writer is watched."""

    def __init__(self, journal: Journal, observe: Callable[[JournalWriter], JournalWriter]) -> None:
        super().__init__(journal)
        self._observe: Final = observe

    @override
    def open(self) -> JournalWriter:
        """As the journal; the writer notes what it is given."""
        return self._observe(super().open())


class ObservedExchange:
    """An exchange that notes how long each order took to be handed over."""

    def __init__(self, exchange: Exchange, gateway: str, desk: Desk) -> None:
        self._exchange: Final = exchange
        self._gateway: Final = gateway
        self._note: Final = desk.note
        self.cancel: Final = exchange.cancel
        self.ask: Final = exchange.ask
        self.heard: Final = exchange.heard
        self.close: Final = exchange.close

    def send(self, approved: Event[OrderApproved], send_by: Nanoseconds) -> None:
        """As the exchange."""
        start, began = today(), now()
        try:
            self._exchange.send(approved, send_by)
        finally:
            self._note(
                Performed(
                    gateway=self._gateway,
                    id=approved.id,
                    correlation=approved.correlation,
                    kind=approved.kind,
                    again=False,
                    start=start,
                    end=start + now() - began,
                )
            )
