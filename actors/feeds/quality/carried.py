"""What the checks remember from one block to the next; small, and part of every checkpoint."""

from typing import Self

import msgspec
import numpy as np
import pyarrow as pa

from actors.feeds.rows import Origin, Rows


class Held(msgspec.Struct, frozen=True, array_like=True):
    """Rows that wait because an earlier one may still come."""

    ts: list[int]
    columns: dict[str, list[int]]
    origins: list[Origin]
    trade_ids: list[str] | None = None

    @classmethod
    def of(cls, rows: Rows) -> Self:
        """The rows in a form that a checkpoint can hold."""
        return cls(
            rows.ts.tolist(),
            {name: column.tolist() for name, column in rows.columns.items()},
            [rows.origin(index) for index in range(len(rows))],
            None if rows.trade_ids is None else rows.trade_ids.to_pylist(),
        )

    def before(self, rows: Rows) -> Rows:
        """These rows, and then others."""
        origins, count, later = self.origins, len(self.ts), rows.origin
        trade_ids = None
        if self.trade_ids is not None:
            own = pa.array(self.trade_ids, pa.string())
            trade_ids = own if rows.trade_ids is None else pa.concat_arrays([own, rows.trade_ids])
        return Rows(
            ts=np.concatenate((np.asarray(self.ts, dtype=np.int64), rows.ts)),
            columns={
                name: np.concatenate((np.asarray(self.columns[name], dtype=np.int64), column))
                for name, column in rows.columns.items()
            },
            origin=lambda index: origins[index] if index < count else later(index - count),
            trade_ids=trade_ids,
        )


class Carried(msgspec.Struct, frozen=True, array_like=True):
    """The state of all checks between two blocks.

    Attributes:
        latest: the latest time seen among rows in order.
        last_ts: time of the last accepted row.
        previous: the last row that reached the check for duplicates: time, values, trade id.
        mids: twice the mids of the last rows since the last silence, oldest first.
        still_since: since when the prices ``still`` have not changed.
        held: rows that wait to be sorted in.
    """

    latest: int | None = None
    last_ts: int | None = None
    previous: tuple[int, tuple[int, ...], str] | None = None
    mids: tuple[int, ...] = ()
    still: tuple[int, ...] = ()
    still_since: int = 0
    held: Held | None = None

    @property
    def waiting(self) -> int:
        """How many rows wait."""
        return 0 if self.held is None else len(self.held.ts)
