"""Ranges of rows out of stored records: cut at both ends, and nothing missing in between."""

from collections.abc import Iterator

from events.batches import MarketRecord
from events.errors import Corrupt


def cut(record: MarketRecord, from_seq: int, to_seq: int) -> MarketRecord:
    """Just the record's rows that lie in ``from_seq .. to_seq``, without copying them.

    Raises:
        ValueError: none does.
    """
    first, last = max(record.first, from_seq), min(record.last, to_seq)
    if first > last:
        raise ValueError(f"rows {record.first}..{record.last} hold none of {from_seq}..{to_seq}")
    if first == record.first and last == record.last:
        return record
    rows = record.batch.slice(first - record.first, last - first + 1)
    return MarketRecord(
        source=record.source, first=first, kind=record.kind, terms=record.terms, batch=rows
    )


def continuous(
    records: Iterator[MarketRecord], source: str, from_seq: int, to_seq: int
) -> Iterator[MarketRecord]:
    """The rows ``from_seq .. to_seq`` out of stored records, of which the first holds ``from_seq``.

    Raises:
        Corrupt: a row is missing or there twice.
    """
    position = from_seq
    while position <= to_seq:
        record = next(records, None)
        if record is None:
            raise Corrupt(f"{source}:{position}: missing")
        holds = record.first <= position <= record.last
        if not holds or (record.first < position and position != from_seq):
            raise Corrupt(f"{source}:{position}: followed by {record.first}..{record.last}")
        yield cut(record, position, to_seq)
        position = record.last + 1
