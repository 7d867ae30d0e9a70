"""A cell that is watched does what it did, and its spans say how."""

import logging
from pathlib import Path

import pytest

from events.backends.files.span_file import SpanFile
from events.decisions import DecisionHash
from runtime.telemetry.config import TelemetryConfig
from runtime.telemetry.observed import ObservedExchange
from runtime.telemetry.telemetry import telemetry
from schemas.trace_context import span_id, trace_id, traceparent
from tests.actors.kit.cells import IDENTITY, Bench
from tests.runtime.telemetry.cell import WATCHED, run, spans_in
from tests.support.exchanges import KeptExchange, approval


@pytest.fixture(autouse=True)
def _no_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)


@pytest.fixture
def file(tmp_path: Path) -> SpanFile:
    return SpanFile(tmp_path / "spans.jsonl")


def decisions(bench: Bench) -> str:
    hashed = DecisionHash()
    for step in bench.steps:
        hashed.update(step)
    return hashed.hexdigest()


def names(bench: Bench) -> list[str]:
    return [event.id for step in bench.steps for event in step.events]


def test_a_watched_cell_decides_and_names_everything_as_one_that_nobody_watches(
    file: SpanFile,
) -> None:
    alone, watched = Bench(), Bench()
    run(alone, None, "ask", "buy", "x")
    run(watched, telemetry(TelemetryConfig(sample=1.0), WATCHED, file), "ask", "buy", "x")
    assert decisions(watched) == decisions(alone)
    named = [
        [event.id for step in bench.steps for event in step.events] for bench in (alone, watched)
    ]
    assert named[0] == named[1]


def test_a_chain_with_a_decision_is_kept_and_its_step_carries_the_context(file: SpanFile) -> None:
    bench = Bench()
    run(bench, telemetry(TelemetryConfig(), WATCHED, file), "x", "buy")
    trace = trace_id(IDENTITY.cell, IDENTITY.run, "world/1")
    assert {span.trace for span in spans_in(file)} == {trace}
    assert [span.name for span in spans_in(file)] == ["market.observation", "signal.raised"]
    contexts = {step.input.id: step.trace for step in bench.steps if step.trace}
    assert contexts == {"world/1": traceparent(trace, span_id(trace, "world/1"), sampled=True)}


def test_a_posted_input_says_how_long_it_waited(file: SpanFile) -> None:
    run(Bench(), telemetry(TelemetryConfig(), WATCHED, file), "buy")
    taken = spans_in(file)[0]
    # It was posted at 0 on the clock that the cell's recording clock goes on from.
    assert taken.attributes["wakeline.queue_ns"] == taken.start > 0


def test_an_order_that_was_handed_over_is_in_the_chain_that_asked_for_it(file: SpanFile) -> None:
    watching = telemetry(TelemetryConfig(sample=1.0), WATCHED, file)
    approved = approval("o")
    exchange = KeptExchange()
    ObservedExchange(exchange, "gateway.kept", watching.desk()).send(approved, 1)
    watching.close()
    (performed,) = spans_in(file)
    trace = trace_id(IDENTITY.cell, IDENTITY.run, approved.correlation)
    assert performed.name == "perform order.approved"
    assert (performed.trace, performed.parent) == (trace, span_id(trace, approved.id))
    assert performed.attributes["wakeline.author"] == "gateway.kept"
    assert list(exchange.orders) == ["o"]


def test_counts_what_the_cell_did(file: SpanFile) -> None:
    watching = telemetry(TelemetryConfig(), WATCHED, file)
    run(Bench(), watching, "x", "buy", "buy")
    counts = watching.figures.counts
    assert (counts["steps"], counts["signals"], counts["orders"]) == (6, 2, 0)
    assert counts["spans"] == len(spans_in(file)) == 4
    assert watching.figures.gauges["ingress"]() == 0


def test_a_disk_that_is_full_costs_spans_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bench = Bench()
    nowhere = SpanFile(tmp_path / "missing" / "spans.jsonl")
    run(bench, telemetry(TelemetryConfig(), WATCHED, nowhere), "buy")
    assert bench.kinds == ["cell.started", "cell.live", "market.observation", "cell.stopped"]
    assert "telemetry: 2 spans could not be written beside the run" in caplog.text


def test_an_end_without_losses_says_nothing(
    file: SpanFile, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        run(Bench(), telemetry(TelemetryConfig(), WATCHED, file), "buy")
    assert caplog.records == []
