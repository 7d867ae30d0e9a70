"""What a cell is told of its logs: each thing once, and nothing that moves a decision."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from events.backends.kafka.clients.port import Record
from events.backends.kafka.marks import Kind
from events.backends.memory.ingress import MemoryIngress
from events.decisions import DecisionHash
from runtime.streams.reporting import AUTHOR, Reporter
from schemas.health import HealthReported
from tests.actors.kit.cells import Bench, event, observation
from tests.runtime.streams.records import CELL, CONFIG, Topic, lane

COMPONENTS = (
    *("market.EUR/USD.FXCM", "source.fxcm-eurusd", "decisions"),
    *("stage.durable", "stage.recorded", "log.c"),
)


def entries(*counts: int) -> list[Record]:
    """Entries of so many steps each; a step is a minute, and so is a window."""
    topic = Topic(Kind.STEPS)
    return [topic.steps(count) for count in counts]


def watched(folder: Path, ingress: MemoryIngress, records: Sequence[Record], end: int) -> None:
    """An application reads records, when the log had ``end`` of them at its start."""
    log = replace(CELL, end=end)
    read, reporter = lane(log, folder), Reporter(ingress, log, CONFIG)
    for record in records:
        reporter.report(read.take(record, appended=0), read)


def said(ingress: MemoryIngress) -> list[tuple[float, str]]:
    payloads = [each.event.payload for each in ingress.poll(0, 1_000)]
    assert all(isinstance(each, HealthReported) for each in payloads)
    return [
        (each.measurements["window_end_s"], each.component)
        for each in payloads
        if isinstance(each, HealthReported)
    ]


def test_the_past_is_not_poured_into_a_cell(tmp_path: Path) -> None:
    ingress = MemoryIngress()
    watched(tmp_path, ingress, entries(3, 1), end=1)
    assert said(ingress) == [(180.0, name) for name in COMPONENTS]


def test_after_a_restart_every_window_is_reported_once(tmp_path: Path) -> None:
    records = entries(1, 1, 1, 1, 1, 1)
    undisturbed, restarted = MemoryIngress(), MemoryIngress()
    watched(tmp_path, undisturbed, records, end=1)
    watched(tmp_path, restarted, records[:3], end=1)
    watched(tmp_path, restarted, records, end=6)
    assert restarted.poll(0, 1_000) == undisturbed.poll(0, 1_000)


def test_a_window_that_was_reported_in_part_is_reported_to_its_end(tmp_path: Path) -> None:
    records = entries(1, 1, 1)
    whole = MemoryIngress()
    watched(tmp_path, whole, records, end=1)
    for killed_after in range(1, 2 * len(COMPONENTS)):
        torn = MemoryIngress()
        for each in whole.poll(0, killed_after):
            torn.post(each.writer, each.number, each.event)
        watched(tmp_path, torn, records, end=3)
        assert torn.poll(0, 1_000) == whole.poll(0, 1_000)


def test_a_report_moves_neither_the_time_nor_the_decisions_of_a_cell(tmp_path: Path) -> None:
    told, untold = Bench(), Bench()
    for bench in (told, untold):
        bench.started()
    watched(tmp_path, told.ingress, entries(1, 1, 1), end=1)
    for bench in (told, untold):
        runner = bench.runner()
        runner.start()
        bench.ingress.post("world", 0, event(observation("ask"), "world/0", ts=7))
        runner.turn()
        bench.started()
    reports = [step for step in told.steps if step.input.author == AUTHOR]
    assert len(reports) == 2 * len(COMPONENTS)
    assert [step.outputs for step in reports] == [()] * len(reports)

    def asked(bench: Bench) -> list[tuple[int, str]]:
        return [(step.ts, step.input.id) for step in bench.steps if step.outputs]

    assert asked(told) == asked(untold)
    assert decided(told) == decided(untold)


def decided(bench: Bench) -> str:
    total = DecisionHash()
    for step in bench.steps:
        total.update(step)
    return total.hexdigest()
