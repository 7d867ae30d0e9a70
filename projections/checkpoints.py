"""How far each stream has been projected.

A table cannot say it of itself: a failed insert leaves a part of its rows, not always the first.
"""

from typing import Final

import pyarrow as pa

from projections.store.port import Store

CHECKPOINTS: Final = (
    "CREATE TABLE IF NOT EXISTS checkpoints"
    " (stream String, next Int64, made DateTime64(9, 'UTC') DEFAULT now64(9))"
    " ENGINE = ReplacingMergeTree(next) ORDER BY stream"
)
"""``next`` is the first row of a source, step of a run, or place in its spans, that may be missing
from the tables."""

MARKET: Final = "market/"
JOURNAL: Final = "journal/"
SPANS: Final = "spans/"


def market_stream(source: str) -> str:
    """The stream of a market source."""
    return f"{MARKET}{source}"


def journal_stream(run: str) -> str:
    """The stream of a run's journal."""
    return f"{JOURNAL}{run}"


def span_stream(run: str, name: str) -> str:
    """The stream of the spans that somebody measured beside a run's journal."""
    return f"{SPANS}{run}/{name}"


def projected(store: Store) -> dict[str, int]:
    """Every stream with its ``next``."""
    rows = store.query("SELECT stream, max(next) FROM checkpoints GROUP BY stream").rows
    return {str(stream): int(str(number)) for stream, number in rows}


def advance(store: Store, stream: str, number: int) -> None:
    """Say that everything before ``number`` is in the tables; call it after their inserts."""
    store.insert("checkpoints", pa.table({"stream": [stream], "next": [number]}))


def forget(store: Store, prefix: str) -> None:
    """Take back what was said of all streams of a kind, so that they are projected again."""
    assert prefix in (MARKET, JOURNAL, SPANS)
    store.execute(
        f"ALTER TABLE checkpoints DELETE WHERE startsWith(stream, '{prefix}')"
        " SETTINGS mutations_sync = 2"
    )
