"""Spans as OpenTelemetry's, batched by its own processor."""

from collections.abc import Iterable, Sequence
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags

from events.spans import Span
from events.spans import SpanKind as Kind
from runtime.telemetry.otlp.scope import scope

_KINDS: Final = {
    Kind.INTERNAL: SpanKind.INTERNAL,
    Kind.CLIENT: SpanKind.CLIENT,
    Kind.CONSUMER: SpanKind.CONSUMER,
}
_SAMPLED: Final = TraceFlags(TraceFlags.SAMPLED)


class _Counting(OTLPSpanExporter):
    sent = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = super().export(spans)
        if result is SpanExportResult.SUCCESS:
            self.sent += len(spans)
        return result


class SpanExport:
    """Takes spans at once and sends them in batches; those that are in nobody's way are dropped.

    Its queue and pace are set by OpenTelemetry's variables ``OTEL_BSP_...``.
    """

    def __init__(self, url: str | None, resource: Resource) -> None:
        self._resource: Final = resource
        self._scope: Final = scope()
        self._exporter: Final = _Counting(endpoint=url)
        self._processor: Final = BatchSpanProcessor(self._exporter)
        self.offered = 0

    @property
    def unsent(self) -> int:
        """Spans that no collector has taken, so far."""
        return self.offered - self._exporter.sent

    def send(self, spans: Iterable[Span]) -> None:
        """Hand spans to the batch; never waits."""
        for span in spans:
            self.offered += 1
            self._processor.on_end(self._readable(span))

    def close(self) -> None:
        """Send what is left."""
        self._processor.shutdown()  # type: ignore[no-untyped-call] # the SDK's

    def abandon(self) -> None:
        """Try no longer."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call] # the SDK's

    def _readable(self, span: Span) -> ReadableSpan:
        return ReadableSpan(
            span.name,
            context=_context(span.trace, span.id),
            parent=_context(span.trace, span.parent) if span.parent else None,
            resource=self._resource,
            attributes=span.attributes,
            kind=_KINDS[span.kind],
            start_time=span.start,
            end_time=span.end,
            instrumentation_scope=self._scope,
        )


def _context(trace: str, span: str) -> SpanContext:
    return SpanContext(int(trace, 16), int(span, 16), is_remote=False, trace_flags=_SAMPLED)
