"""Tells a cell how its logs were doing: ``health.reported``, posted into its ingress once each."""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from actors.monitoring.folding import Measured, cell_reports, source_reports
from events.backends.kafka.marks import Kind
from events.ingress import Ingress
from runtime.streams.config import StreamsConfig
from runtime.streams.lane import Lane, Log
from schemas.envelope import AnyEvent, Event, carries
from schemas.health import HealthReported
from schemas.identity import event_id
from schemas.quantities import SECOND_NS

AUTHOR: Final = "monitoring.streams"

_PAGE: Final = 1_000
_END: Final = "window_end_s"
"""The measurement that says when the window ended, in seconds of UTC."""


class Reporter:
    """What is said of one log, under a writer's name that is this log's alone.

    A report is named by its log, window and component, and says when its window ended. Its own
    time is 0, so that the cell stamps it with the time at which the cell is: a reader of the
    market log may be ahead of the cell, and what it says must not move a cell's clock.

    After a restart, the ingress says what was posted: what is behind that is posted, and nothing
    else. Of a log for which nothing ever was, the windows are reported that close behind its end
    as it was at the start: the past is not poured into a live cell.
    """

    def __init__(self, ingress: Ingress, log: Log, config: StreamsConfig) -> None:
        self._ingress: Final = ingress
        self._log: Final = log
        self._config: Final = config
        self._writer: Final = f"{AUTHOR}/{log.topic}"
        self._number = ingress.next_number(self._writer)
        self._posted_to = -1.0
        self._posted: set[str] = set()
        if self._number:
            self._recall()

    def report(self, closed: Iterable[Measured], lane: Lane) -> None:
        """Post what was not posted of windows that the lane's last record closed."""
        for measured in closed:
            if self._is_due(measured, lane.offset):
                for said in self._said(measured, lane):
                    self._post(measured, said)

    def _is_due(self, measured: Measured, offset: int) -> bool:
        if self._posted_to < 0:
            return offset >= self._log.end
        return _end_s(measured) >= self._posted_to

    def _said(self, measured: Measured, lane: Lane) -> Iterable[HealthReported]:
        is_cell = self._log.kind is Kind.STEPS
        said = (cell_reports if is_cell else source_reports)(measured, self._config.max_silence)
        return (*said, _of_log(lane))

    def _post(self, measured: Measured, said: HealthReported) -> None:
        window, end = measured.window, _end_s(measured)
        place = f"{self._log.topic}/{window.length}/{window.start}/{said.component}"
        name = event_id(AUTHOR, place, 0)
        if name in self._posted:
            return
        if end > self._posted_to:
            self._posted_to, self._posted = end, set()
        self._ingress.post(
            self._writer,
            self._number,
            Event(
                id=name,
                author=AUTHOR,
                cause=name,
                correlation=name,
                ts=0,
                ts_recorded=0,
                payload=replace(said, measurements={**said.measurements, _END: end}),
            ),
        )
        self._number += 1
        self._posted.add(name)

    def _recall(self) -> None:
        """Find the window that was reported last, and what was said of it."""
        position = 0
        while page := self._ingress.poll(position, _PAGE):
            position = page[-1].position + 1
            for each in page:
                if each.writer != self._writer:
                    continue
                end = _end_said(each.event)
                if end > self._posted_to:
                    self._posted_to, self._posted = end, set()
                self._posted.add(each.event.id)


def _end_s(measured: Measured) -> float:
    return measured.window.end / SECOND_NS


def _end_said(event: AnyEvent) -> float:
    return event.payload.measurements[_END] if carries(event, HealthReported) else -1.0


def _of_log(lane: Lane) -> HealthReported:
    text = f"offset {lane.faults[-1].offset}: {lane.faults[-1].reason}" if lane.faults else ""
    return HealthReported(
        component=f"log.{lane.log.name}",
        healthy=not lane.unreadable,
        measurements={"unreadable": lane.unreadable, "superseded": lane.superseded},
        text=text,
    )
