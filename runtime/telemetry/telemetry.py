"""Everything that watches one cell or gateway, made by one call and ended by another."""

import logging
from collections.abc import Sequence
from time import sleep
from typing import TYPE_CHECKING, Final, Self

from events.backends.files.span_file import SpanFile
from events.spans import Span
from runtime.telemetry.config import TelemetryConfig, Watched
from runtime.telemetry.figures import Figures
from runtime.telemetry.observed import Desk
from runtime.telemetry.observer import Observer
from runtime.telemetry.otlp.endpoints import is_asked_for
from runtime.telemetry.pending import Pending
from runtime.telemetry.recorder import Recorder
from runtime.telemetry.spans import SpanMaker
from runtime.telemetry.taken import Noted, Performed, Taken, now
from runtime.telemetry.timing import StopWatch
from schemas.errors import UserError

if TYPE_CHECKING:
    from runtime.telemetry.otlp.collector import Collector

PATIENCE_S: Final = 2.0
"""How long an end may wait for the file and, then, for a collector."""

STRETCH_NS: Final = 250_000
BREATH_S: Final = 0.000_05
"""How long the thread works on end, and then rests. A cell that wants the interpreter back waits so
long at most; of a thread that only computes it would wait for 5 ms."""

_logger: Final = logging.getLogger(__name__)


class TelemetryMissing(UserError):
    """A collector was named, and OpenTelemetry's packages are not installed."""


class Telemetry:
    """Watches, until it is closed. What it could not keep or send it counts, and says at the end.

    Args:
        spans: the file beside the run that its spans go to, if it has one.
    """

    def __init__(
        self, config: TelemetryConfig, watched: Watched, spans: SpanFile | None = None
    ) -> None:
        self.figures: Final = Figures()
        self._watched: Final = watched
        self._share: Final = config.sample
        self._file = spans
        self._maker: Final = SpanMaker(watched)
        self._pending: Final = Pending()
        self._watch: Final = StopWatch()
        self._collector: Final = self._collector_at(config.endpoint)
        self._recorder: Final = Recorder(self._see_to)
        self._closed = False

    def observer(self) -> Observer:
        """What stands around the parts of a cell or gateway."""
        return Observer(self._watched, self._share, self._watch, self.desk(), self.figures.gauges)

    def desk(self) -> Desk:
        """Where who measures itself leaves notes."""
        return Desk(note=self._recorder.note, end=self.close)

    def close(self) -> None:
        """See to what was noted, and send it; warn of what was lost. Takes seconds at most.

        The cell's writer calls it when it is closed. The threads must be gone before the simulated
        venue is: Python may look for cycles on any thread, and the venue's engine refuses to end
        on another than its own.
        """
        if self._closed:
            return
        self._closed = True
        self._recorder.close(PATIENCE_S)
        self.figures.counts["dropped"] = self._recorder.dropped
        losses = [
            f"{self.figures.counts[name]} {what}"
            for name, what in (
                ("dropped", "steps came too fast to be noted"),
                ("lost", "spans could not be written beside the run"),
            )
            if self.figures.counts[name]
        ]
        if self._collector is not None and (unsent := self._collector.close(PATIENCE_S)):
            losses.append(f"{unsent} were not taken by the collector at {self._collector.address}")
        if losses:
            _logger.warning("telemetry: %s; no decision depends on it", "; ".join(losses))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _collector_at(self, endpoint: str) -> "Collector | None":
        if not is_asked_for(endpoint):
            return None
        try:
            from runtime.telemetry.otlp.collector import Collector
        except ModuleNotFoundError as error:
            raise TelemetryMissing(
                f"telemetry: sending to a collector needs the package of {error.name!r}; it comes"
                " with wakeline[telemetry]"
            ) from error
        return Collector(endpoint, self._watched, self.figures, self._watch)

    def _see_to(self, notes: Sequence[Noted]) -> None:
        self.figures.counts["dropped"] = self._recorder.dropped
        spans: list[Span] = []
        began = now()
        for noted in notes:
            if self._collector is not None:
                self._collector.take(noted)
            spans += self._spans_of(noted)
            if now() - began > STRETCH_NS and not self._closed:
                sleep(BREATH_S)
                began = now()
        self.figures.counts["spans"] += len(spans)
        self._keep(spans)
        if self._collector is not None:
            self._collector.send(spans)

    def _spans_of(self, noted: Noted) -> list[Span]:
        match noted:
            case Performed():
                return [self._maker.of_request(noted)]
            case Taken(kept=True):
                self.figures.add(noted)
                chain = [*self._pending.release(noted.step.input.correlation), noted]
                return [span for each in chain for span in self._maker.of_step(each)]
            case Taken():
                self.figures.add(noted)
                self._pending.hold(noted)
        return []

    def _keep(self, spans: Sequence[Span]) -> None:
        if self._file is None or not spans:
            return
        try:
            self._file.append(spans)
        except OSError:
            # A full disk stops the journal soon enough; this must not be what stops it.
            self.figures.counts["lost"] += len(spans)


def telemetry(
    config: TelemetryConfig, watched: Watched, spans: SpanFile | None = None
) -> Telemetry:
    """Watch a cell or gateway from now on.

    Raises:
        TelemetryMissing: a collector is named, and the packages that send are not installed.
    """
    return Telemetry(config, watched, spans)
