"""The standard library's log lines as OpenTelemetry's, each with the trace that it belongs to."""

import logging
from collections.abc import Sequence
from time import time_ns
from typing import Final

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import ReadableLogRecord, ReadWriteLogRecord
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExportResult
from opentelemetry.sdk.resources import Resource
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

from runtime.telemetry.config import Watched
from runtime.telemetry.otlp.scope import scope
from runtime.telemetry.timing import StopWatch
from schemas.envelope import AnyEvent
from schemas.trace_context import span_id, trace_id

ABOUT: Final = "wakeline_event"
"""Attribute of a log record that names the event it is about, where another thread says it."""

_SEVERITIES: Final = (
    (logging.CRITICAL, SeverityNumber.FATAL),
    (logging.ERROR, SeverityNumber.ERROR),
    (logging.WARNING, SeverityNumber.WARN),
    (logging.INFO, SeverityNumber.INFO),
    (logging.DEBUG, SeverityNumber.DEBUG),
)


class _Counting(OTLPLogExporter):
    sent = 0

    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        result = super().export(batch)
        if result is LogRecordExportResult.SUCCESS:
            self.sent += len(batch)
        return result


class LogExport(logging.Handler):
    """A handler of the root logger that sends what is logged; its own way there is left out."""

    def __init__(
        self, url: str | None, resource: Resource, watched: Watched, watch: StopWatch
    ) -> None:
        super().__init__()
        self._resource: Final = resource
        self._watched: Final = watched
        self._watch: Final = watch
        self._scope: Final = scope()
        self._exporter: Final = _Counting(endpoint=url)
        self._processor: Final = BatchLogRecordProcessor(self._exporter)
        self.offered = 0
        logging.getLogger().addHandler(self)

    @property
    def unsent(self) -> int:
        """Lines that no collector has taken, so far."""
        return self.offered - self._exporter.sent

    def emit(self, record: logging.LogRecord) -> None:
        """Hand a line to the batch; never waits."""
        if record.name.partition(".")[0] in ("opentelemetry", "urllib3", "requests"):
            return
        self.offered += 1
        self._processor.on_emit(
            ReadWriteLogRecord(
                log_record=LogRecord(
                    timestamp=int(record.created * 1e9),
                    observed_timestamp=time_ns(),
                    context=self._context(record),
                    severity_text=record.levelname,
                    severity_number=_severity(record.levelno),
                    body=record.getMessage(),
                    attributes={"logger.name": record.name},
                ),
                resource=self._resource,
                instrumentation_scope=self._scope,
            )
        )
        # Python says a warning on standard error where nobody handles it; that stays so.
        alone = logging.getLogger().handlers == [self]
        if alone and record.levelno >= logging.WARNING and logging.lastResort is not None:
            logging.lastResort.handle(record)

    def close(self) -> None:
        """Take no more lines, and send what is left."""
        logging.getLogger().removeHandler(self)
        self._processor.shutdown()  # type: ignore[no-untyped-call] # the SDK's
        super().close()

    def abandon(self) -> None:
        """Try no longer."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call] # the SDK's

    def _context(self, record: logging.LogRecord) -> Context | None:
        about: AnyEvent | None = getattr(record, ABOUT, None)
        if about is None and record.thread == self._watch.thread:
            about = self._watch.event
        if about is None:
            return None
        trace = trace_id(self._watched.cell, self._watched.run, about.correlation)
        span = SpanContext(
            int(trace, 16), int(span_id(trace, about.id), 16), False, TraceFlags.get_default()
        )
        return set_span_in_context(NonRecordingSpan(span), Context())


def _severity(level: int) -> SeverityNumber:
    return next(
        (severity for least, severity in _SEVERITIES if level >= least), SeverityNumber.TRACE
    )
