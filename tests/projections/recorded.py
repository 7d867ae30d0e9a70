"""Logs to project, and what must be in the tables afterwards."""

from events.codecs.json import decode_step
from events.journal import Journal
from events.market_log import MarketLog
from projections.rows import Rows, rows_of_market, rows_of_steps
from projections.store.port import Store
from projections.tables.catalogue import TABLES
from tests.contracts.market_log import append
from tests.support.steps import append_steps

RUN = "run-1"
SOURCE = "fxcm-eurusd"
"""What ``tests.support.steps`` writes: ten rows of one source a step."""


def write_market(log: MarketLog, rows: int, *, source: str = SOURCE, batch: int = 64) -> None:
    """Append numbered quotes to a source."""
    with log.open(source) as writer:
        append(writer, *[batch] * (rows // batch), *([rows % batch] if rows % batch else []))


def write_journal(journal: Journal, steps: int) -> None:
    """Append steps that each refer to ten rows of the source."""
    with journal.open() as writer:
        append_steps(writer, steps)


def rows_expected(log: MarketLog, journal: Journal, *, market_rows: int) -> Rows:
    """All rows of the run, straight from the logs."""
    steps = [decode_step(record.body) for record in journal.records()]
    market = log.read(SOURCE, 0, market_rows - 1) if market_rows else ()
    return {**rows_of_steps(steps), **rows_of_market(market)}


def assert_holds(store: Store, expected: Rows) -> None:
    """Every table holds exactly the expected rows, each once."""
    for table in TABLES.values():
        wanted = expected.get(table.stored)
        key = ", ".join(table.key)
        found = store.query_arrow(f"SELECT * FROM {table.stored} FINAL ORDER BY {key}")
        assert found.num_rows == (0 if wanted is None else wanted.num_rows), table.name
        assert store.query(f"SELECT count() FROM {table.name}").rows == ((found.num_rows,),)
        if wanted is not None:
            assert found.to_pylist() == wanted.to_pylist(), table.name
