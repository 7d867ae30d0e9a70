"""Single rows of the SQLite market log, found without reading a whole record."""

from pathlib import Path

import pytest

from events.backends.sqlite.market_log import SqliteMarketLog
from events.backends.sqlite.market_rows import SqliteMarketRows
from events.errors import Corrupt
from tests.contracts.market_rows import SOURCE, MarketRowsContract, write_rows
from tests.support.batches import quotes


@pytest.fixture
def rows(tmp_path: Path) -> SqliteMarketRows:
    write_rows(SqliteMarketLog(tmp_path))
    return SqliteMarketRows(tmp_path)


class TestSqliteMarketRows(MarketRowsContract):
    pass


def test_a_damaged_record_is_told_by_its_checksum(rows: SqliteMarketRows, tmp_path: Path) -> None:
    path = tmp_path / f"{SOURCE}.sqlite"
    stored = path.read_bytes()
    mantissas = quotes(4, 6).column("bid").buffers()[1].to_pybytes()
    assert stored.count(mantissas) == 1
    path.write_bytes(stored.replace(mantissas, bytes(len(mantissas))))
    with pytest.raises(Corrupt, match="fxcm-eurusd:4: checksum differs"):
        rows.last(SOURCE, 5, 5)
