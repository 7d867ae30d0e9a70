"""Vetoes: every order that risk stopped, and how often each rule did."""

from typing import Final

import msgspec

from projections.queries.asking import ask
from projections.store.port import Queries
from schemas.quantities import Nanoseconds, Quantity

_VETOES: Final = """
SELECT id, client_order_id, strategy, instrument, side, quantity, rule, limit, value,
    toUnixTimestamp64Nano(ts_event) AS ts
FROM orders WHERE run = {run:String} AND kind = 'order.vetoed' ORDER BY seq, idx"""

_REASONS: Final = """
SELECT rule, count() AS count, groupUniqArray(strategy) AS strategies,
    toUnixTimestamp64Nano(min(ts_event)) AS first_ns,
    toUnixTimestamp64Nano(max(ts_event)) AS last_ns
FROM orders WHERE run = {run:String} AND kind = 'order.vetoed'
GROUP BY rule ORDER BY count DESC, rule"""


class Veto(msgspec.Struct, frozen=True, kw_only=True):
    """An order that was not sent; ``id`` answers ``why``."""

    id: str
    client_order_id: str
    strategy: str
    instrument: str
    side: str
    quantity: Quantity
    rule: str
    limit: str
    value: str
    ts: Nanoseconds


class VetoReason(msgspec.Struct, frozen=True, kw_only=True):
    """How often a rule stopped an order, and whose."""

    rule: str
    count: int
    strategies: tuple[str, ...]
    first_ns: Nanoseconds
    last_ns: Nanoseconds


def vetoes(queries: Queries, run: str) -> tuple[Veto, ...]:
    """Every veto of a run, in the journal's order."""
    return ask(queries, _VETOES, {"run": run}, Veto)


def veto_reasons(queries: Queries, run: str) -> tuple[VetoReason, ...]:
    """The rules that stopped orders, the most frequent first."""
    return ask(queries, _REASONS, {"run": run}, VetoReason)
