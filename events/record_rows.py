"""Single rows of any market log, by reading the records that hold them."""

from collections.abc import Sequence
from typing import Final

from events.batches import MarketRecord
from events.layouts import COLUMNS, ColumnType
from events.market_log import MarketLog
from events.rows import Cell, Row


class RecordRows:
    """Looks into a log whose rows cannot be had one by one. It implements ``rows.MarketRows``."""

    def __init__(self, log: MarketLog) -> None:
        self._log: Final = log

    def sources(self) -> Sequence[str]:
        return self._log.sources()

    def last(self, source: str, from_seq: int, to_seq: int, instrument: str = "") -> Row | None:
        found = None
        for record in self._log.read(source, from_seq, to_seq):
            if not instrument or record.terms.instrument == instrument:
                found = record
        return None if found is None else row_at(found, found.rows - 1)


def row_at(record: MarketRecord, index: int) -> Row:
    """One row of a record, the first being 0."""
    columns = COLUMNS[record.kind].items()
    return Row(
        source=record.source,
        seq=record.first + index,
        batch_kind=record.kind,
        terms=record.terms,
        cells={name: _cell(record, name, index, holds) for name, holds in columns},
    )


def _cell(record: MarketRecord, name: str, index: int, holds: ColumnType) -> Cell:
    stored = record.batch.column(name)[index]
    cell: Cell = stored.value if holds is ColumnType.TIME else stored.as_py()
    return cell
