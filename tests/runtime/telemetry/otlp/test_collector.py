"""What a real OpenTelemetry Collector receives of a cell, and that a cell needs none."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest

from events.backends.files.span_file import SpanFile
from runtime.telemetry.config import TelemetryConfig
from runtime.telemetry.observed import ObservedExchange
from runtime.telemetry.telemetry import PATIENCE_S, Telemetry, telemetry
from schemas.trace_context import span_id, trace_id
from tests.actors.kit.cells import Bench
from tests.runtime.telemetry.cell import WATCHED, run, spans_in
from tests.runtime.telemetry.otlp.collectors import (
    BUILD_S,
    RunningCollector,
    attributes,
    build,
    running,
)
from tests.support.exchanges import KeptExchange, approval
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.timeout(BUILD_S + 60), pytest.mark.xdist_group("collector")]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("build"))


@pytest.fixture
def collector(program: Path, tmp_path: Path) -> Iterator[RunningCollector]:
    (folder := tmp_path / "received").mkdir()
    with running(program, folder) as started:
        yield started


def test_receives_the_spans_that_were_kept_with_their_ids_and_times(
    collector: RunningCollector, tmp_path: Path
) -> None:
    file = SpanFile(tmp_path / "spans.jsonl")
    run(Bench(), watching(collector.endpoint, file), "x", "buy", "buy", "ask")
    kept = spans_in(file)
    assert len(kept) > 2
    wait_until(lambda: len(collector.spans()) >= len(kept))
    received = {span["spanId"]: span for span in collector.spans()}
    assert len(received) == len(kept)
    for span in kept:
        there = received[span.id]
        assert (there["traceId"], there.get("parentSpanId", "")) == (span.trace, span.parent)
        assert there["name"] == span.name
        assert (int(there["startTimeUnixNano"]), int(there["endTimeUnixNano"])) == (
            *(span.start, span.end),
        )
        as_text = {name: str(value).lower() for name, value in attributes(there).items()}
        assert as_text == {name: str(value).lower() for name, value in span.attributes.items()}


def test_receives_who_was_watched(
    collector: RunningCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=paper")
    run(Bench(), watching(collector.endpoint), "buy")
    for signal, name in (
        ("traces", "resourceSpans"),
        ("metrics", "resourceMetrics"),
        ("logs", "resourceLogs"),
    ):
        wait_until(lambda signal=signal: bool(collector.received(signal)))  # type: ignore[misc]
        resource = attributes(collector.received(signal)[0][name][0]["resource"])
        assert resource.items() >= WATCHED.attributes().items()
        assert resource["deployment.environment.name"] == "paper"


def test_receives_the_counts_and_latencies_at_the_end_at_the_latest(
    collector: RunningCollector,
) -> None:
    watched, approved = watching(collector.endpoint), approval("o")
    ObservedExchange(KeptExchange(), "gateway.kept", watched.desk()).send(approved, 1)
    run(Bench(), watched, "x", "buy", "buy", "ask")
    wait_until(lambda: "wakeline.steps" in collector.metrics())
    metrics = collector.metrics()
    counts = {
        name: int(metrics[f"wakeline.{name}"]["sum"]["dataPoints"][0]["asInt"])
        for name in ("steps", "signals", "vetoes", "dropped")
    }
    # Three of the seven steps are the cell's own.
    assert counts == {"steps": 7, "signals": 2, "vetoes": 0, "dropped": 0}
    for name, records in (("step", 7), ("append", 7), ("queue", 4), ("perform", 1), ("stage", 3)):
        points = metrics[f"wakeline.{name}.duration"]["histogram"]["dataPoints"]
        assert sum(int(point["count"]) for point in points) == records, name
    assert metrics["wakeline.flush.duration"]["histogram"]["dataPoints"][0]["count"] != "0"
    [depth] = metrics["wakeline.queue.depth"]["gauge"]["dataPoints"]
    assert attributes(depth) == {"wakeline.queue": "ingress"}


def test_receives_log_lines_with_the_trace_that_they_belong_to(
    collector: RunningCollector,
) -> None:
    run(Bench(), watching(collector.endpoint), "x", "warn")
    wait_until(lambda: len(collector.logs()) >= 4)
    lines = {line["body"]["stringValue"]: line for line in collector.logs()}
    said = lines["my strategy has seen it"]
    trace = trace_id(WATCHED.cell, WATCHED.run, "world/1")
    assert (said["traceId"], said["spanId"]) == (trace, span_id(trace, "world/1"))
    assert (said["severityText"], attributes(said)) == ("WARNING", {"logger.name": "strategy"})
    life = ["cell test started, version 0", "cell test is live, 0 steps recovered"]
    assert {*life, "cell test stopped: finished"} <= lines.keys()
    assert lines[life[0]]["severityText"] == "INFO"


def test_a_collector_that_is_not_there_neither_stops_a_cell_nor_holds_it_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # Nobody listens on it, and nobody else can.
        endpoint = f"http://127.0.0.1:{taken.getsockname()[1]}"
        bench, began = Bench(), monotonic()
        run(bench, watching(endpoint), *["buy"] * 50)
        took = monotonic() - began
    assert bench.kinds.count("market.observation") == 50
    assert took < PATIENCE_S + 5
    [said] = [record.getMessage() for record in caplog.records if "telemetry" in record.name]
    assert said.startswith("telemetry: 100 of 100 spans, 3 of 3 log lines, ")
    assert said.endswith(
        f"were not taken by the collector at {endpoint[7:]}; no decision depends on it"
    )


def test_a_collector_that_never_answers_is_given_up_when_the_cell_ends(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = monotonic()
        run(Bench(), watching(f"http://127.0.0.1:{silent.getsockname()[1]}"), "buy")
        took = monotonic() - began
    assert took < PATIENCE_S + 8
    assert "2 of 2 spans" in caplog.text


def test_secrets_come_from_the_environment_and_go_to_the_collector_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20s3cr3t")
    bench, file = Bench(), SpanFile(tmp_path / "spans.jsonl")
    with refusing() as (endpoint, headers):
        run(bench, watching(endpoint, file), "buy")
    assert {header["authorization"] for header in headers} == {"Bearer s3cr3t"}
    stored = b"".join(record.body for record in bench.journal.records())
    told = (stored.decode(), (tmp_path / "spans.jsonl").read_text(), caplog.text)
    assert "2 of 2 spans" in caplog.text
    assert not [text for text in told if "s3cr3t" in text]


@contextmanager
def refusing() -> Iterator[tuple[str, list[Message]]]:
    """A server that refuses everything, and the headers that came with it."""
    headers: list[Message] = []

    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers.append(self.headers)
            self.rfile.read(int(self.headers["content-length"]))
            self.send_error(403)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", headers
        server.shutdown()
        thread.join()


def watching(endpoint: str, file: SpanFile | None = None) -> Telemetry:
    return telemetry(TelemetryConfig(endpoint=endpoint), WATCHED, file)
