"""The market log in SQLite: a directory with one database file a source."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from events.backends.sqlite.database import Durability
from events.backends.sqlite.market_file import sources_in
from events.backends.sqlite.market_reader import MarketReader
from events.backends.sqlite.market_writer import SqliteMarketWriter
from events.batches import MarketRecord
from events.following import follow


class SqliteMarketLog:
    """All sources under one directory. It implements ``events.market_log.MarketLog``."""

    def __init__(self, directory: Path, durability: Durability = Durability.POWER_CUT) -> None:
        self._directory: Final = directory
        self._durability: Final = durability

    def sources(self) -> Sequence[str]:
        return sources_in(self._directory)

    def open(self, source: str) -> SqliteMarketWriter:
        return SqliteMarketWriter(self._directory, source, self._durability)

    def read(
        self, source: str, from_seq: int = 0, to_seq: int | None = None
    ) -> Iterator[MarketRecord]:
        with closing(MarketReader(self._directory, source)) as reader:
            yield from reader.read(from_seq, to_seq)

    def tail(self, source: str, from_seq: int = 0) -> "SqliteMarketTail":
        return SqliteMarketTail(MarketReader(self._directory, source), from_seq)

    def follow(
        self, source: str, from_seq: int = 0, *, until: Callable[[], bool]
    ) -> Iterator[MarketRecord]:
        with closing(self.tail(source, from_seq)) as tail:
            yield from follow(tail.unread, lambda: tail.over or until())

    def end(self, source: str) -> int:
        with closing(MarketReader(self._directory, source)) as reader:
            return reader.end()

    def sealed(self, source: str) -> bool:
        with closing(MarketReader(self._directory, source)) as reader:
            return reader.sealed()


class SqliteMarketTail:
    """A connection that stays. It implements ``events.market_log.MarketTail``."""

    def __init__(self, reader: MarketReader, from_seq: int) -> None:
        self._reader: Final = reader
        self._position = from_seq
        self.over = False

    def unread(self, *, asking: bool = True) -> Iterator[MarketRecord]:  # noqa: ARG002 - it is all here
        # Asked before reading: what was there when the source was sealed is read below.
        sealed = self._reader.sealed()
        for record in self._reader.read(self._position):
            self._position = record.last + 1
            yield record
        self.over = sealed

    def close(self) -> None:
        self._reader.close()
