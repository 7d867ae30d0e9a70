"""What a report says of the data: every refused row of the rows that a run consumed."""

import pytest

from actors.feeds.facts import Fact, facts_batch
from events.backends.memory.market_log import MemoryMarketLog
from events.batches import BatchKind, Terms
from runtime.report.market import Market
from schemas.envelope import Slice
from schemas.market import Refused
from tests.support.batches import EURUSD, START_NS, quotes

SOURCE = "fxcm-eurusd"


@pytest.fixture
def log() -> MemoryMarketLog:
    """Facts 0 to 2, quotes 3 to 7, facts 8 and 9, quotes 10 to 14, fact 15."""
    made = MemoryMarketLog()
    with made.open(SOURCE) as writer:
        for facts, rows in ((3, 5), (2, 5), (1, 0)):
            refused = [
                Fact(START_NS, Refused(file="a", row=row, field="", reason="crossed", raw=""))
                for row in range(facts)
            ]
            writer.append(BatchKind.FACTS, Terms(), facts_batch(refused), checkpoint=b"")
            if rows:
                batch = quotes(writer.next_seq, rows)
                writer.append(BatchKind.QUOTES, EURUSD, batch, checkpoint=b"")
    return made


@pytest.mark.parametrize(
    ("from_seq", "to_seq", "rows", "refused"),
    [(3, 14, 10, 6), (10, 14, 5, 3), (3, 7, 5, 5), (12, 14, 3, 1)],
)
def test_rows_refused_before_and_behind_what_was_consumed_count(
    log: MemoryMarketLog, from_seq: int, to_seq: int, rows: int, refused: int
) -> None:
    market = Market()
    market.read(log, [Slice(SOURCE, from_seq, to_seq)])
    quality = market.quality()
    assert quality.rows == ((SOURCE, rows),)
    assert quality.refused == ((SOURCE, "crossed", refused),)
