"""Making one table anew, when its rows are made by a new rule or were damaged."""

from projections.checkpoints import JOURNAL, MARKET, SPANS, forget
from projections.layout import remake
from projections.store.port import Store
from projections.tables import catalogue


def rebuild(store: Store, name: str) -> None:
    """Empty a table and take its streams' checkpoints back; projecting them again fills it.

    Every run (or, for a table of market records, every source) has to be projected afterwards. The
    other tables get the same rows once more, which no view counts twice. A crash at any point
    leaves nothing worse than work to be done again, because the checkpoints go first.

    Raises:
        KeyError: there is no such table.
    """
    table = catalogue.TABLES[name]
    streams = {catalogue.MARKET: MARKET, catalogue.JOURNAL: JOURNAL, catalogue.SPANS: SPANS}
    forget(store, next(prefix for tables, prefix in streams.items() if table in tables))
    remake(store, table)
