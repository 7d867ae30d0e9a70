import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.batches import BatchKind, MarketRecord
from events.errors import Corrupt
from events.ranges import continuous, cut
from tests.support.batches import EURUSD, numbers_in, quotes


def record(first: int, last: int) -> MarketRecord:
    return MarketRecord(
        source="fxcm",
        first=first,
        kind=BatchKind.QUOTES,
        terms=EURUSD,
        batch=quotes(first, last - first + 1),
    )


def read(records: list[MarketRecord], from_seq: int, to_seq: int) -> list[int]:
    return numbers_in(list(continuous(iter(records), "fxcm", from_seq, to_seq)))


@given(st.integers(-3, 20), st.integers(-3, 20))
def test_a_cut_keeps_just_the_rows_in_the_range(from_seq: int, to_seq: int) -> None:
    wanted = [number for number in range(5, 10) if from_seq <= number <= to_seq]
    if wanted:
        part = cut(record(5, 9), from_seq, to_seq)
        assert numbers_in([part]) == wanted
        assert (part.first, part.last) == (wanted[0], wanted[-1])
    else:
        with pytest.raises(ValueError, match=r"rows 5\.\.9 hold none of"):
            cut(record(5, 9), from_seq, to_seq)


def test_a_record_within_the_range_is_not_touched() -> None:
    whole = record(5, 9)
    assert cut(whole, 5, 9) is whole


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.data())
def test_any_cutting_into_records_reads_the_same(sizes: list[int], data: st.DataObject) -> None:
    ends = [sum(sizes[: place + 1]) - 1 for place in range(len(sizes))]
    records = [record(end - size + 1, end) for size, end in zip(sizes, ends, strict=True)]
    from_seq = data.draw(st.integers(0, ends[-1]))
    to_seq = data.draw(st.integers(from_seq, ends[-1]))
    holding = [item for item in records if item.last >= from_seq]

    assert read(holding, from_seq, to_seq) == list(range(from_seq, to_seq + 1))


def test_an_empty_range_asks_for_no_record() -> None:
    assert read([], 5, 4) == []


@pytest.mark.parametrize(
    ("records", "complaint"),
    [
        ([(0, 2), (4, 5)], r"fxcm:3: followed by 4\.\.5"),
        ([(0, 2), (2, 5)], r"fxcm:3: followed by 2\.\.5"),
        ([(0, 2), (0, 2)], r"fxcm:3: followed by 0\.\.2"),
        ([(1, 5)], r"fxcm:0: followed by 1\.\.5"),
        ([(0, 2)], "fxcm:3: missing"),
        ([], "fxcm:0: missing"),
    ],
)
def test_a_row_that_is_missing_or_twice_is_corrupt(
    records: list[tuple[int, int]], complaint: str
) -> None:
    with pytest.raises(Corrupt, match=complaint):
        read([record(first, last) for first, last in records], 0, 5)
