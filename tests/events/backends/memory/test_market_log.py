import pytest

from events.backends.memory.faults import FaultPlan
from events.backends.memory.market_log import MemoryMarketLog
from events.errors import DiskFull, Fenced
from events.market_log import MarketWriter
from tests.contracts.market_log import (
    SOURCE,
    LocksOutASecondWriter,
    LosesWhatIsNotFlushed,
    MarketBackend,
    MarketLogContract,
    append,
)


class TestMemoryMarketLog(MarketLogContract, LosesWhatIsNotFlushed, LocksOutASecondWriter):
    @pytest.fixture
    def backend(self) -> MarketBackend:
        faults = FaultPlan()
        log = MemoryMarketLog(faults)

        def crash(source: str, _: MarketWriter) -> None:
            log.crash(source)

        def fill_disk(_: MarketWriter) -> None:
            faults.fail_on_flush = 1

        return MarketBackend(log=log, crash=crash, fill_disk=fill_disk)


def test_a_crashed_writer_is_fenced_even_when_it_only_flushes_or_closes() -> None:
    log = MemoryMarketLog()
    writer = log.open(SOURCE)
    append(writer, 3)
    log.crash(SOURCE)
    for attempt in (writer.flush, writer.seal, lambda: append(writer, 1)):
        with pytest.raises(Fenced):
            attempt()
    with log.open(SOURCE) as successor:
        append(successor, 1)
        writer.close()
        append(successor, 1)
    assert log.end(SOURCE) == 2


def test_the_planned_flush_fails_and_no_other() -> None:
    log = MemoryMarketLog(FaultPlan(fail_on_flush=2))
    writer = log.open(SOURCE)
    append(writer, 1)
    writer.flush()
    append(writer, 1)
    with pytest.raises(DiskFull):
        writer.flush()
    writer.close()
    with log.open(SOURCE) as successor:
        append(successor, 1)
    assert log.end(SOURCE) == 2
