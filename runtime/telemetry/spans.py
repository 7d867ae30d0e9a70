"""From what was noted to spans: pure functions."""

from collections.abc import Iterator
from typing import Final

from events.spans import Attribute, Span, SpanKind
from runtime.telemetry.config import Watched
from runtime.telemetry.taken import Performed, Taken
from schemas.envelope import AnyEvent
from schemas.quantities import Nanoseconds
from schemas.trace_context import NO_PARENT, parent_id, span_id, trace_id

PERFORM: Final = "perform"


class SpanMaker:
    """Makes the spans of one cell or gateway."""

    def __init__(self, watched: Watched) -> None:
        self._watched: Final = watched
        self._resource: Final = watched.attributes()

    def of_step(self, taken: Taken) -> Iterator[Span]:
        """A span an event: of the input from when it was taken until it was appended with all its
        answers, of an answer from when its author was asked until it had answered.
        """
        step = taken.step
        trace = trace_id(step.cell, step.run, step.input.correlation)
        said: dict[str, tuple[str, Nanoseconds]] = {}
        since: Nanoseconds | None
        for index, event in enumerate(step.events):
            start, end = self._times(taken, index, event)
            if index:
                parent, since = said.get(event.cause, (NO_PARENT, step.ts_recorded))
            else:
                parent, since = parent_id(trace, event.id, event.cause), taken.posted
            span = span_id(trace, event.id)
            said[event.id] = (span, end if index else start)
            attributes = _attributes(event)
            attributes["wakeline.position"] = f"{step.run}:{step.seq}.{index}"
            attributes["wakeline.seq"] = step.seq
            attributes["wakeline.index"] = index
            attributes["wakeline.handling_ns"] = end - start
            if since is not None:
                attributes["wakeline.queue_ns"] = max(0, start - since)
            if not index:
                attributes["wakeline.epoch"] = step.epoch
                attributes["wakeline.append_ns"] = taken.appended - taken.appending
            yield Span(
                trace=trace,
                id=span,
                parent=parent,
                name=event.kind,
                kind=SpanKind.INTERNAL if index else SpanKind.CONSUMER,
                start=start,
                end=end,
                attributes=attributes,
                resource=self._resource,
            )

    def of_request(self, performed: Performed) -> Span:
        """The span of what a gateway did, below the request that it was asked by."""
        trace = trace_id(self._watched.cell, self._watched.run, performed.correlation)
        return Span(
            trace=trace,
            id=span_id(trace, f"{performed.id}\x1f{PERFORM}\x1f{performed.again}"),
            parent=span_id(trace, performed.id),
            name=f"{PERFORM} {performed.kind}",
            kind=SpanKind.CLIENT,
            start=performed.start,
            end=performed.end,
            attributes={
                "wakeline.author": performed.gateway,
                "wakeline.kind": performed.kind,
                "wakeline.request": performed.id,
                "wakeline.correlation": performed.correlation,
                "wakeline.again": performed.again,
                "wakeline.handling_ns": performed.end - performed.start,
            },
            resource=self._resource,
        )

    def _times(self, taken: Taken, index: int, event: AnyEvent) -> tuple[Nanoseconds, Nanoseconds]:
        step = taken.step
        if not index:
            return step.ts_recorded, max(step.ts_recorded, taken.wall)
        ticks = taken.answered.get((event.author, event.cause))
        if ticks is None:  # Nobody held a watch: its place in time is known, and no more.
            return step.ts_recorded, step.ts_recorded
        return taken.utc(ticks[0]), taken.utc(ticks[1])


def _attributes(event: AnyEvent) -> dict[str, Attribute]:
    attributes: dict[str, Attribute] = {
        "wakeline.author": event.author,
        "wakeline.kind": event.kind,
        "wakeline.event": event.id,
        "wakeline.cause": event.cause,
        "wakeline.correlation": event.correlation,
        "wakeline.ts": event.ts,
    }
    instrument = getattr(getattr(event.payload, "ticket", event.payload), "instrument", "")
    if instrument:
        attributes["wakeline.instrument"] = instrument
    return attributes
