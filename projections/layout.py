"""Makes the tables and views, and makes them anew when this program stores rows differently.

The memory is derived: what is dropped here is projected again from the logs.
"""

from hashlib import blake2b
from typing import Final

import pyarrow as pa

from projections.checkpoints import CHECKPOINTS
from projections.store.port import Store
from projections.tables.bars import BARS_VIEW, INTERVAL_VIEWS
from projections.tables.catalogue import EVENTS_VIEW, TABLES
from projections.tables.otel_traces import TRACE_TIMES_VIEW
from projections.tables.table import STORED, Table

_LAYOUT: Final = (
    "CREATE TABLE IF NOT EXISTS layout"
    " (part String, digest String, made DateTime64(9, 'UTC') DEFAULT now64(9))"
    " ENGINE = ReplacingMergeTree(made) ORDER BY part"
)

_TABLES: Final = (*(table.ddl for table in TABLES.values()), CHECKPOINTS)
_VIEWS: Final = (
    *(table.view for table in TABLES.values()),
    EVENTS_VIEW,
    BARS_VIEW,
    *INTERVAL_VIEWS,
    TRACE_TIMES_VIEW,
)


def prepare(store: Store) -> bool:
    """Make every table and view that is missing.

    Returns:
        whether the tables are empty now, because they are new or were stored in another way: every
        run that is to be asked about has to be projected (again).
    """
    store.execute(_LAYOUT)
    made = _made(store)
    tables, views = _digest(_TABLES), _digest(_VIEWS)
    anew = made.get("tables") != tables
    if anew:
        _drop_stored(store)
        for ddl in _TABLES:
            store.execute(ddl)
    if anew or made.get("views") != views:
        for view in _VIEWS:
            store.execute(view)
        # Said last: whatever stops this halfway makes it begin again.
        store.insert("layout", pa.table({"part": ["tables", "views"], "digest": [tables, views]}))
    return anew


def remake(store: Store, table: Table) -> None:
    """Empty a table by making it anew."""
    store.execute(f"DROP TABLE IF EXISTS {table.stored} SYNC")
    store.execute(table.ddl)


def _made(store: Store) -> dict[str, str]:
    rows = store.query("SELECT part, digest FROM layout FINAL").rows
    return {str(part): str(digest) for part, digest in rows}


def _drop_stored(store: Store) -> None:
    names = store.query(
        "SELECT name FROM system.tables WHERE database = currentDatabase()"
        " AND (startsWith(name, {prefix:String}) OR name = 'checkpoints')",
        {"prefix": STORED},
    ).rows
    for (name,) in names:
        store.execute(f"DROP TABLE {name} SYNC")


def _digest(statements: tuple[str, ...]) -> str:
    return blake2b("\n".join(statements).encode(), digest_size=16).hexdigest()
