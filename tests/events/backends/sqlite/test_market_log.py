from pathlib import Path

import pytest

from events.market_log import MarketWriter
from tests.contracts.market_log import (
    LocksOutASecondWriter,
    LosesWhatIsNotFlushed,
    MarketBackend,
    MarketLogContract,
)
from tests.events.backends.sqlite import faults, places


class TestSqliteMarketLog(MarketLogContract, LosesWhatIsNotFlushed, LocksOutASecondWriter):
    @pytest.fixture
    def backend(self, tmp_path: Path) -> MarketBackend:
        def crash(_: str, writer: MarketWriter) -> None:
            faults.crash(writer)

        return MarketBackend(
            log=places.market_log(str(tmp_path)), crash=crash, fill_disk=faults.fill_disk
        )
