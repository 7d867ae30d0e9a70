"""A collector somewhere else: it is told everything, and whether it is there changes nothing."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from time import monotonic
from typing import Final, Protocol

from events.spans import Span
from runtime.telemetry.config import Watched
from runtime.telemetry.figures import Figures
from runtime.telemetry.otlp.endpoints import shown, signal_url
from runtime.telemetry.otlp.logs import LogExport
from runtime.telemetry.otlp.metrics import MetricExport
from runtime.telemetry.otlp.narration import narrate
from runtime.telemetry.otlp.scope import resource_of
from runtime.telemetry.otlp.spans import SpanExport
from runtime.telemetry.taken import Flushed, Performed, Taken
from runtime.telemetry.timing import StopWatch

_ABANDONED_S: Final = 1.0
"""How long an export that was given up may take to notice."""


class Export(Protocol):
    """One signal on its way."""

    def close(self) -> None:
        """Send what is left, however long it takes."""
        ...

    def abandon(self) -> None:
        """Try no longer."""
        ...


class Collector:
    """Spans, metrics and logs on their way, each with a queue and a thread of its own."""

    def __init__(self, endpoint: str, watched: Watched, figures: Figures, watch: StopWatch) -> None:
        resource = resource_of(watched)
        self._quiet: Final = _sdk_quiet()
        self._quiet.__enter__()
        self._spans: Final = SpanExport(signal_url(endpoint, "traces"), resource)
        self._metrics: Final = MetricExport(signal_url(endpoint, "metrics"), resource, figures)
        self._logs: Final = LogExport(signal_url(endpoint, "logs"), resource, watched, watch)
        self.address: Final = shown(endpoint)

    def take(self, noted: Taken | Flushed | Performed) -> None:
        """Enter its latencies, and log what is worth a line."""
        self._metrics.record(noted)
        if isinstance(noted, Taken):
            narrate(noted.step)

    def send(self, spans: Sequence[Span]) -> None:
        """Send spans."""
        self._spans.send(spans)

    def close(self, patience_s: float) -> str:
        """Send what is left, for so long, and give it up then.

        Returns:
            what no collector has taken, in words; empty when nothing is missing.
        """
        exports: tuple[Export, ...] = (self._logs, self._metrics, self._spans)
        closing = [Thread(target=each.close, daemon=True) for each in exports]
        for thread in closing:
            thread.start()
        deadline = monotonic() + patience_s
        for thread in closing:
            thread.join(max(0.0, deadline - monotonic()))
        for thread, export in zip(closing, exports, strict=True):
            if thread.is_alive():
                export.abandon()
                thread.join(_ABANDONED_S)
        self._quiet.__exit__(None, None, None)
        unsent = (
            (self._spans.unsent, f"of {self._spans.offered} spans"),
            (self._logs.unsent, f"of {self._logs.offered} log lines"),
            (self._metrics.failed, "collections of metrics"),
        )
        return ", ".join(f"{count} {what}" for count, what in unsent if count)


@contextmanager
def _sdk_quiet() -> Iterator[None]:
    """Keep the SDK's complaints, one a batch, off standard error: what is missing is said once."""
    logger = logging.getLogger("opentelemetry")
    before, silence = logger.propagate, logging.NullHandler()
    logger.propagate = False
    logger.addHandler(silence)
    try:
        yield
    finally:
        logger.propagate = before
        logger.removeHandler(silence)
