"""Single rows of a log whose records have to be read."""

import pytest

from events.backends.memory.market_log import MemoryMarketLog
from events.record_rows import RecordRows
from tests.contracts.market_rows import MarketRowsContract, write_rows


@pytest.fixture
def rows() -> RecordRows:
    log = MemoryMarketLog()
    write_rows(log)
    return RecordRows(log)


class TestRecordRows(MarketRowsContract):
    pass
