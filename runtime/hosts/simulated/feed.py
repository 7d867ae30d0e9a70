"""The feed: first into the market log, then to the cell; and a second connection to repeat it."""

from collections.abc import Callable, Sequence
from typing import Final

import pyarrow as pa

from events.batches import LAYOUTS, BatchKind, Terms
from events.ingress import Ingress
from events.market_log import MarketLog
from runtime.hosts.simulated.clock import VirtualClock
from runtime.hosts.simulated.faults import Faults
from runtime.hosts.simulated.workload import SOURCE, Item
from schemas.envelope import Slice
from schemas.market import Quote

BACKUP: Final = "feed.backup"


class Feed:
    """Says what is due. It resumes from the market log, and from what its ingress has."""

    def __init__(
        self,
        items: Sequence[Item],
        log: MarketLog,
        ingress: Ingress,
        faults: Faults,
        clock: VirtualClock,
    ) -> None:
        self._items: Final = items
        self._ingress: Final = ingress
        self._faults: Final = faults
        self._clock: Final = clock
        self._writer: Final = log.open(SOURCE)

    def catch_up(self) -> None:
        """Log and post everything up to now."""
        for number in range(self._ingress.next_number(SOURCE), len(self._items)):
            item = self._items[number]
            if item.event.ts > self._clock.now:
                return
            if item.row is not None and item.row >= self._writer.next_seq:
                self._faults.boundary("feed.before_log")
                self._log(item)
            self._faults.boundary("feed.after_log")
            self._ingress.post(SOURCE, number, item.event, slices_of(item))
            self._faults.boundary("feed.after_post")

    def _log(self, item: Item) -> None:
        quote = item.event.payload
        assert isinstance(quote, Quote)
        prices = (quote.bid, quote.ask, quote.bid_size, quote.ask_size)
        columns = [[item.event.ts], [item.event.ts], *([int(price * 100)] for price in prices)]
        batch = pa.RecordBatch.from_arrays(
            [
                pa.array(column, kind.type)
                for column, kind in zip(columns, LAYOUTS[BatchKind.QUOTES], strict=True)
            ],
            schema=LAYOUTS[BatchKind.QUOTES],
        )
        terms = Terms(instrument=quote.instrument, price_precision=2, size_precision=2)
        self._writer.append(BatchKind.QUOTES, terms, batch, checkpoint=str(item.row).encode())
        self._writer.flush()


class Backup:
    """A second connection to the same source: it repeats to the cell what the log holds."""

    def __init__(self, items: Sequence[Item], end: Callable[[], int], ingress: Ingress) -> None:
        self._rows: Final = [item for item in items if item.row is not None]
        self._end: Final = end
        self._ingress: Final = ingress

    def repeat(self, back: int) -> None:
        """Post a row again: the newest, or one of those before it."""
        row = self._end() - 1 - back
        if row >= 0:
            item = self._rows[row]
            number = self._ingress.next_number(BACKUP)
            self._ingress.post(BACKUP, number, item.event, slices_of(item))


def slices_of(item: Item) -> tuple[Slice, ...]:
    """The market record that an item refers to."""
    return () if item.row is None else (Slice(SOURCE, item.row, item.row),)
