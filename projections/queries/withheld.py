"""Withheld signals: how often each rule kept a strategy from following its own signal."""

from typing import Final

import msgspec

from projections.queries.asking import ask
from projections.store.port import Queries
from schemas.quantities import Nanoseconds

_SQL: Final = """
SELECT author, instrument, rule, count() AS count,
    toUnixTimestamp64Nano(min(ts_event)) AS first_ns,
    toUnixTimestamp64Nano(max(ts_event)) AS last_ns
FROM withheld WHERE run = {run:String}
GROUP BY author, instrument, rule ORDER BY count DESC, author, instrument, rule"""


class WithheldReason(msgspec.Struct, frozen=True, kw_only=True):
    """How often a rule kept its author's signals in an instrument back."""

    author: str
    instrument: str
    rule: str
    count: int
    first_ns: Nanoseconds
    last_ns: Nanoseconds


def withheld_reasons(queries: Queries, run: str) -> tuple[WithheldReason, ...]:
    """The rules that kept signals back, the most frequent first."""
    return ask(queries, _SQL, {"run": run}, WithheldReason)
