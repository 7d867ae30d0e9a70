"""Single rows of the market log in SQLite, found without reading a whole record."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final
from zlib import crc32

from events.backends.sqlite.database import connect_reader
from events.backends.sqlite.faults import typed_errors
from events.backends.sqlite.market_file import LAYOUT, path_of, sources_in
from events.codecs.row import decode_row
from events.errors import Corrupt, NotFound
from events.rows import Row

_NEWEST_FIRST: Final = """
    SELECT first, count, crc, body FROM records
    WHERE first <= :to AND first >= coalesce(
        (SELECT max(first) FROM records WHERE first <= :from), 0)
    ORDER BY first DESC
"""


class SqliteMarketRows:
    """Looks into all sources under one directory. It implements ``events.rows.MarketRows``."""

    def __init__(self, directory: Path) -> None:
        self._directory: Final = directory

    def sources(self) -> Sequence[str]:
        return sources_in(self._directory)

    def last(self, source: str, from_seq: int, to_seq: int, instrument: str = "") -> Row | None:
        path = path_of(self._directory, source)
        if not path.exists():
            raise NotFound(f"no market log of {source} in {self._directory}")
        with closing(connect_reader(path, LAYOUT)) as connection, typed_errors(path):
            stored = connection.execute(_NEWEST_FIRST, {"from": from_seq, "to": to_seq})
            for first, count, crc, body in stored:
                if crc32(body) != crc:
                    raise Corrupt(f"{path}: {source}:{first}: checksum differs")
                seq = min(to_seq, first + count - 1)
                if seq < from_seq:
                    return None
                row = decode_row(source, first, body, seq)
                if not instrument or row.terms.instrument == instrument:
                    return row
        return None
