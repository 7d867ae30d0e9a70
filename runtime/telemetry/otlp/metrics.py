"""Figures as OpenTelemetry's metrics: counters and gauges are read when it collects, latencies are
recorded by the recorder's thread.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import (
    MetricExportResult,
    MetricsData,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.metrics.view import ExplicitBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource

from runtime.telemetry.figures import COUNTS, Figures
from runtime.telemetry.taken import Flushed, Performed, Taken

SECONDS: Final = (
    *(0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5),
    *(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
"""Bounds of the latencies' buckets: a decider answers in microseconds, a gateway in seconds."""

type _Callback = Callable[[CallbackOptions], Iterable[Observation]]


class _Counting(OTLPMetricExporter):
    failed = 0

    def export(
        self, metrics_data: MetricsData, timeout_millis: float | None = 10_000, **kwargs: object
    ) -> MetricExportResult:
        result = super().export(metrics_data, timeout_millis, **kwargs)
        self.failed += result is not MetricExportResult.SUCCESS
        return result


class MetricExport:
    """Sends metrics every ``OTEL_METRIC_EXPORT_INTERVAL`` milliseconds (a minute), and at the
    end.
    """

    def __init__(self, url: str | None, resource: Resource, figures: Figures) -> None:
        self._exporter: Final = _Counting(endpoint=url)
        latencies = ExplicitBucketHistogramAggregation(SECONDS)
        self._provider: Final = MeterProvider(
            [PeriodicExportingMetricReader(self._exporter)],
            resource,
            shutdown_on_exit=False,
            views=[View(instrument_name="wakeline.*.duration", aggregation=latencies)],
        )
        meter = self._provider.get_meter("wakeline")
        for name in COUNTS:
            meter.create_observable_counter(f"wakeline.{name}", [_count(figures, name)], "1")
        meter.create_observable_gauge("wakeline.lag", [_lag(figures)], "s")
        meter.create_observable_gauge("wakeline.queue.depth", [_depths(figures)], "{event}")
        self._stage: Final = meter.create_histogram("wakeline.stage.duration", "s")
        self._step: Final = meter.create_histogram("wakeline.step.duration", "s")
        self._queue: Final = meter.create_histogram("wakeline.queue.duration", "s")
        self._append: Final = meter.create_histogram("wakeline.append.duration", "s")
        self._flush: Final = meter.create_histogram("wakeline.flush.duration", "s")
        self._perform: Final = meter.create_histogram("wakeline.perform.duration", "s")

    @property
    def failed(self) -> int:
        """Collections that no collector has taken."""
        return self._exporter.failed

    def record(self, noted: Taken | Flushed | Performed) -> None:
        """Enter the latencies of something that was noted."""
        match noted:
            case Taken(step=step):
                self._step.record((noted.wall - step.ts_recorded) / 1e9)
                self._append.record((noted.appended - noted.appending) / 1e9)
                if noted.posted is not None:
                    self._queue.record(max(0, step.ts_recorded - noted.posted) / 1e9)
                for (author, _), (asked, answered) in noted.answered.items():
                    self._stage.record((answered - asked) / 1e9, {"wakeline.author": author})
            case Flushed(duration=duration):
                self._flush.record(duration / 1e9)
            case Performed(kind=kind, start=start, end=end):
                self._perform.record((end - start) / 1e9, {"wakeline.kind": kind})

    def close(self) -> None:
        """Collect and send once more."""
        self._provider.shutdown()

    def abandon(self) -> None:
        """Try no longer."""
        self._exporter.shutdown()


def _count(figures: Figures, name: str) -> _Callback:
    return lambda _: [Observation(figures.counts[name])]


def _lag(figures: Figures) -> _Callback:
    return lambda _: [Observation(figures.lag_s)]


def _depths(figures: Figures) -> _Callback:
    def read(_: CallbackOptions) -> Sequence[Observation]:
        return [
            Observation(depth(), {"wakeline.queue": name})
            for name, depth in tuple(figures.gauges.items())
        ]

    return read
