"""Reading one source of the market log."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zlib import crc32

from events.backends.sqlite.database import connect_reader
from events.backends.sqlite.faults import typed_errors
from events.backends.sqlite.market_file import LAYOUT, path_of
from events.batches import MarketRecord
from events.codecs.arrow import decode_batch
from events.errors import Corrupt, NotFound
from events.ranges import continuous

_FIRST_PAGE: Final = 2
_LARGEST_PAGE: Final = 64
"""Records a query: some 3 MB. No query stays open while its reader is busy, because that keeps the
WAL growing; and who reads on bit by bit takes a record or two, and drops the rest of the page."""

_HOLDER: Final = "SELECT coalesce(max(first), 0) FROM records WHERE first <= ?"
_PAGE: Final = "SELECT first, count, crc, body FROM records WHERE first >= ? ORDER BY first LIMIT ?"


class MarketReader:
    """A connection that sees the committed rows of one source.

    Raises:
        NotFound: there is no such source.
    """

    def __init__(self, directory: Path, source: str) -> None:
        self._source: Final = source
        self._path: Final = path_of(directory, source)
        if not self._path.exists():
            raise NotFound(f"no market log of {source} in {directory}")
        self._connection: Final = connect_reader(self._path, LAYOUT)

    def end(self) -> int:
        """Number of rows."""
        return int(self._state("next_seq"))

    def sealed(self) -> bool:
        """Whether nothing will follow."""
        return bool(self._state("sealed"))

    def read(self, from_seq: int, to_seq: int | None = None) -> Iterator[MarketRecord]:
        """Rows ``from_seq .. to_seq``, or to the end as it is now."""
        last = self.end() - 1
        if to_seq is not None:
            last = min(last, to_seq)
        return continuous(self._stored(from_seq), self._source, from_seq, last)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _stored(self, from_seq: int) -> Iterator[MarketRecord]:
        """Whole records from the one that holds ``from_seq``."""
        with typed_errors(self._path):
            ((position,),) = self._connection.execute(_HOLDER, (from_seq,))
        size = _FIRST_PAGE
        while True:
            with typed_errors(self._path):
                page = self._connection.execute(_PAGE, (position, size)).fetchall()
            for first, count, crc, body in page:
                if crc32(body) != crc:
                    raise Corrupt(f"{self._path}: {self._source}:{first}: checksum differs")
                record = decode_batch(self._source, first, body)
                if record.rows != count:
                    raise Corrupt(f"{self._path}: {self._source}:{first}: {record.rows} rows")
                yield record
                position = record.last + 1
            if len(page) < size:
                return
            size = min(2 * size, _LARGEST_PAGE)

    def _state(self, column: str) -> int:
        with typed_errors(self._path):
            row: tuple[int] = self._connection.execute(f"SELECT {column} FROM state").fetchone()
        return row[0]
