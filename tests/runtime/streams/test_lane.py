"""A topic folded record by record: what counts is counted once, what does not is told of."""

from pathlib import Path

from events.backends.kafka.marks import Kind
from events.backends.kafka.quarantine import quarantined
from events.codecs.json import digest
from runtime.streams import tables
from tests.runtime.streams.records import CELL, SOURCE, Topic, lane, taken


def a_cell() -> Topic:
    topic = Topic(Kind.STEPS)
    topic.claim()
    topic.steps(3)
    topic.steps(5)
    return topic


def test_steps_are_folded_into_windows_that_expire(tmp_path: Path) -> None:
    read = taken(lane(CELL, tmp_path), a_cell().records)
    assert read.number == 8
    assert [each.window.start for each in read.windows] == [n * 60 * 10**9 for n in range(2, 7)]
    *_, newest = tables.decisions([read])
    assert (newest["signals_per_min"], newest["open"]) == (1.0, True)
    assert {row["rows"] for row in tables.sources([read])} == {10}


def test_what_a_zombie_wrote_counts_for_nobody(tmp_path: Path) -> None:
    topic = a_cell()
    expected = taken(lane(CELL, tmp_path), topic.records)
    with_ghost = Topic(Kind.STEPS)
    with_ghost.claim()
    first = with_ghost.steps(3)
    with_ghost.again(first)
    with_ghost.claim()
    with_ghost.again(first)
    with_ghost.steps(5)
    read = taken(lane(CELL, tmp_path), with_ghost.records)
    assert (read.superseded, read.unreadable) == (2, 0)
    assert tables.decisions([read]) == tables.decisions([expected])


def test_records_that_come_again_after_a_break_are_passed_over(tmp_path: Path) -> None:
    records = a_cell().records
    once, twice = (taken(lane(CELL, tmp_path), each) for each in (records, records + records))
    for table in tables.TABLES.values():
        assert table([twice]) == table([once])


def test_a_record_of_nobody_is_counted_and_set_aside_with_its_position(tmp_path: Path) -> None:
    topic = a_cell()
    topic.stranger()
    topic.steps(1)
    read = taken(lane(CELL, tmp_path), topic.records)
    assert (read.number, read.unreadable) == (9, 1)
    (aside,) = quarantined(tmp_path / "quarantine.jsonl")
    assert (aside.topic, aside.offset) == (CELL.topic, 3)
    (row,) = tables.logs([read])
    assert row["faults"] == [{"offset": 3, "reason": aside.reason}]


def test_a_step_of_a_kind_from_the_future_is_set_aside_and_the_others_are_folded(
    tmp_path: Path,
) -> None:
    topic = a_cell()
    record = topic.steps(2)
    first, second = record.value.replace(b"signal.raised", b"signal.dreamt", 1).split(b"\n")
    topic.records.pop()
    topic.number, topic.previous = 8, record.headers["previous"].decode()
    topic.entry(b"\n".join((first, second)), 2, digest(second))
    read = taken(lane(CELL, tmp_path), topic.records)
    assert (read.number, read.unreadable) == (10, 1)
    assert "step 8: signal.dreamt" in read.faults[-1].reason


def test_entries_that_are_missing_are_noticed(tmp_path: Path) -> None:
    topic = a_cell()
    del topic.records[1]
    read = taken(lane(CELL, tmp_path), topic.records)
    assert [fault.reason for fault in read.faults] == ["number 3 does not follow -1"]


def test_rows_that_were_altered_are_set_aside(tmp_path: Path) -> None:
    topic = Topic(Kind.ROWS)
    topic.claim()
    topic.rows(10)
    topic.entry(b"no batch", 5, digest(b"a batch"))
    read = taken(lane(SOURCE, tmp_path), topic.records)
    assert read.unreadable == 1
    assert "not what was written" in read.faults[0].reason
    (market,) = tables.markets([read])
    assert (market["prices"], market["instrument"]) == (10, "EUR/USD.FXCM")


def test_a_journal_in_the_place_of_a_source_is_not_read_as_one(tmp_path: Path) -> None:
    read = taken(lane(SOURCE, tmp_path), a_cell().records)
    assert (read.unreadable, tables.markets([read])) == (2, [])
