"""Which runs there are."""

from typing import Final

import msgspec

from projections.queries.asking import ask
from projections.store.port import Queries
from schemas.quantities import Nanoseconds

_SQL: Final = """
SELECT r.run AS run, any(r.cell) AS cell,
    argMinIf(config_hash, (seq, idx), r.kind = 'cell.started') AS config_hash,
    argMaxIf(code_hash, (seq, idx), r.kind = 'cell.started') AS code_hash,
    argMaxIf(program_version, (seq, idx), r.kind = 'cell.started') AS program_version,
    countIf(r.kind = 'cell.started') AS starts,
    toUnixTimestamp64Nano(min(r.ts_recorded)) AS started_ns,
    if(argMax(r.kind, (seq, idx)) = 'cell.stopped', argMax(reason, (seq, idx)), '') AS ended,
    any(c.fills) AS fills, any(c.signals) AS signals, any(c.vetoes) AS vetoes
FROM cells AS r
LEFT JOIN (
    SELECT run, sum(f) AS fills, sum(s) AS signals, sum(v) AS vetoes FROM (
        SELECT run, 1 AS f, 0 AS s, 0 AS v FROM fills
        UNION ALL SELECT run, 0, 1, 0 FROM signals
        UNION ALL SELECT run, 0, 0, 1 FROM orders WHERE kind = 'order.vetoed'
    ) GROUP BY run
) AS c ON c.run = r.run
GROUP BY run ORDER BY started_ns, run"""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A run.

    Attributes:
        starts: how often a writer took its journal over.
        ended: why it stopped (``finished``, ``operator``, ``error``), or empty when it did not.
    """

    run: str
    cell: str
    config_hash: str
    code_hash: str
    program_version: str
    starts: int
    started_ns: Nanoseconds
    ended: str
    signals: int
    vetoes: int
    fills: int


def runs(queries: Queries) -> tuple[Run, ...]:
    """Every projected run, the oldest first."""
    return ask(queries, _SQL, {}, Run)
