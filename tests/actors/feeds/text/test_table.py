"""Lines become rows; every odd line is refused under its own number."""

from datetime import date

import pytest

from actors.feeds.rows import Block, Place
from actors.feeds.text.clocks import Iso8601, TimeOfDay
from actors.feeds.text.layout import Layout, Precision
from actors.feeds.text.lines import Lines
from actors.feeds.text.table import MixedZones, read_block
from events.batches import BatchKind

TICKS = Layout(
    kind=BatchKind.QUOTES,
    fields=("time", "bid", "ask"),
    clock=TimeOfDay(date(1970, 1, 2), "UTC"),
)
STAMPED = Layout(
    kind=BatchKind.QUOTES, fields=("time", "bid", "ask"), clock=Iso8601("+00:00"), header=1
)
START = Place(offset=1000, row=50)
DAY = 86_400_000_000_000


def block_of(text: str | bytes, layout: Layout = TICKS, start: Place = START) -> Block:
    raw = text.encode() if isinstance(text, str) else text
    rows = raw.count(b"\n") + (not raw.endswith(b"\n"))
    lines = Lines(raw, start, Place(start.offset + len(raw), start.row + rows))
    return read_block("a.csv", lines, layout, Precision(price=5, size=0))


def refused(block: Block) -> list[tuple[int, str, str]]:
    return [(r.origin.number, r.field, r.reason) for r in block.refusals]


def test_reads_rows_exactly() -> None:
    block = block_of("1,1.38727,1.38729\n2.5,1.38726,1.3873\n")
    assert block.rows.ts.tolist() == [DAY + 1_000_000, DAY + 2_500_000]
    assert block.rows.columns["bid"].tolist() == [138727, 138726]
    assert block.rows.columns["ask"].tolist() == [138729, 138730]
    assert refused(block) == []


def test_odd_lines_keep_their_numbers_and_their_text() -> None:
    block = block_of("1,1.5,1.6\n2,1.5\n\nx,1.5,1.6\r\n4,nan,1.6\n5,1.5,1.6,9\n6,1.5,1.6")
    assert [block.rows.origin(index).number for index in (0, 1)] == [51, 57]
    assert refused(block) == [
        (52, "", "wrong_columns"),
        (54, "time", "not_a_number"),
        (55, "bid", "not_a_number"),
        (56, "", "wrong_columns"),
    ]
    assert [r.origin.raw for r in block.refusals] == [
        "2,1.5",
        "x,1.5,1.6",
        "4,nan,1.6",
        "5,1.5,1.6,9",
    ]
    assert [r.index for r in block.refusals] == [1, 1, 1, 1]


def test_blank_lines_are_no_rows() -> None:
    block = block_of("\n1,1.5,1.6\n\n\n2,1.5,1.6\n\n")
    assert [block.rows.origin(index).number for index in (0, 1)] == [52, 55]
    assert refused(block) == []


def test_a_carriage_return_inside_a_line_does_not_end_it() -> None:
    block = block_of("1,1.5,1.6\r7\n2,1.5,1.6\r\n")
    assert refused(block) == [(51, "ask", "not_a_number")]
    assert block.rows.origin(0).number == 52


def test_a_quotation_mark_without_partner_spoils_its_own_line_only() -> None:
    block = block_of('1,"1.5,1.6\n2,1.5,1.6\n3,1.5,1.6\n')
    assert refused(block) == [(51, "bid", "not_a_number")]
    assert len(block.rows) == 2


def test_quoted_numbers_are_numbers() -> None:
    assert block_of('"1","1.5","1.6"\n').rows.columns["ask"].tolist() == [160000]


def test_bytes_that_are_no_text_are_refused_with_their_row() -> None:
    block = block_of(b"1,1.5,1.6\n2,\xff\xfe,1.6\n")
    assert refused(block) == [(52, "bid", "not_a_number")]


def test_a_row_is_cut_at_200_characters() -> None:
    block = block_of("1," + "9" * 500 + ",1.6\n")
    assert len(block.refusals[0].origin.raw) == 200


def test_the_first_of_several_faults_names_the_field() -> None:
    assert refused(block_of("x,y,z\n")) == [(51, "time", "not_a_number")]


def test_a_second_time_zone_ends_the_file_at_its_row() -> None:
    text = (
        "time,bid,ask\n2013-02-01T00:00:00Z,1,2\n2013-02-01T00:00:01Z,nan,2\n"
        "2013-02-01T00:00:02+02:00,1,2\n2013-02-01T00:00:03Z,1,2\n"
    )
    with pytest.raises(MixedZones, match=r"a\.csv, row 4: field time: another time zone") as raised:
        block_of(text, STAMPED, Place())
    block = raised.value.block
    assert [block.rows.origin(0).number] == [2]
    assert refused(block) == [(3, "bid", "not_a_number")]
    assert block.end == Place(text.index("2013-02-01T00:00:02"), 3)
