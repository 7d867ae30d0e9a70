"""What became of orders: fills, the prices at which they worked, and how long each stage took."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

import numpy as np

from runtime.report.data import Fill, Level, StageLatency
from schemas.envelope import AnyEvent
from schemas.order import (
    OrderAccepted,
    OrderApproved,
    OrderCancelled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderSubmitted,
    OrderType,
    OrderUpdated,
)
from schemas.quantities import Nanoseconds

NS_PER_MS: Final = 1_000_000

_STOPS: Final = frozenset({OrderType.STOP, OrderType.STOP_LIMIT, OrderType.TRAILING_STOP})
_STAGES: Final = (
    ("approved → submitted", OrderApproved, OrderSubmitted),
    ("submitted → accepted", OrderSubmitted, OrderAccepted),
    ("submitted → filled, market orders", OrderSubmitted, OrderFilled),
)


@dataclass(slots=True)
class _Working:
    order: str
    instrument: str
    role: Literal["stop", "limit"]
    prices: list[tuple[Nanoseconds, Decimal]] = field(default_factory=list)
    end: Nanoseconds | None = None


class Orders:
    """Folds the venue's words about orders."""

    def __init__(self) -> None:
        self._fills: Final[list[tuple[Nanoseconds, OrderFilled]]] = []
        self._working: Final[dict[str, _Working]] = {}
        self._market_orders: Final[set[str]] = set()
        self._seen: Final[dict[tuple[str, type], Nanoseconds]] = {}

    def learn(self, event: AnyEvent) -> None:
        """Note an event; kinds that say nothing about orders are passed over."""
        payload, ts = event.payload, event.ts
        match payload:
            case OrderApproved(ticket=ticket):
                self._seen.setdefault((ticket.client_order_id, OrderApproved), ts)
                if ticket.terms.type is OrderType.MARKET:
                    self._market_orders.add(ticket.client_order_id)
            case OrderSubmitted():
                self._seen.setdefault((payload.client_order_id, OrderSubmitted), ts)
            case OrderAccepted():
                self._seen.setdefault((payload.client_order_id, OrderAccepted), ts)
                self._accepted(ts, payload)
            case OrderUpdated():
                self._updated(ts, payload)
            case OrderFilled():
                self._seen.setdefault((payload.client_order_id, OrderFilled), ts)
                self._fills.append((ts, payload))
                self._ended(ts, payload.client_order_id)
            case OrderCancelled() | OrderExpired() | OrderRejected():
                self._ended(ts, payload.client_order_id)
            case _:
                pass

    def fills(self, instrument: str, opening_trades: set[str]) -> tuple[Fill, ...]:
        """Fills in an instrument, in order of time."""
        return tuple(
            Fill(
                ts=ts,
                order=fill.client_order_id,
                side=fill.side,
                quantity=fill.quantity,
                price=fill.price,
                commission=fill.commission.amount,
                currency=fill.commission.currency,
                opens=fill.trade_id in opening_trades,
            )
            for ts, fill in self._fills
            if fill.instrument == instrument
        )

    def levels(self, instrument: str, last_ts: Nanoseconds) -> tuple[Level, ...]:
        """Prices at which stops and limits worked; one still working does until ``last_ts``."""
        return tuple(
            Level(
                order=working.order,
                role=working.role,
                prices=tuple(working.prices),
                end=last_ts if working.end is None else working.end,
            )
            for working in self._working.values()
            if working.instrument == instrument
        )

    def latencies(self) -> tuple[StageLatency, ...]:
        """Market time between stages; waiting for a price is not among them."""
        elapsed: defaultdict[str, list[Nanoseconds]] = defaultdict(list)
        orders = {order for order, _ in self._seen}
        for order in sorted(orders):
            for stage, before, after in _STAGES:
                if after is OrderFilled and order not in self._market_orders:
                    continue
                start, end = self._seen.get((order, before)), self._seen.get((order, after))
                if start is not None and end is not None:
                    elapsed[stage].append(end - start)
        return tuple(_latency(stage, elapsed[stage]) for stage, _, _ in _STAGES if elapsed[stage])

    def _accepted(self, ts: Nanoseconds, said: OrderAccepted) -> None:
        price = said.trigger if said.type in _STOPS else said.price
        if price is None:
            return
        role: Literal["stop", "limit"] = "stop" if said.type in _STOPS else "limit"
        working = _Working(said.client_order_id, said.instrument, role, [(ts, price)])
        self._working.setdefault(said.client_order_id, working)

    def _updated(self, ts: Nanoseconds, said: OrderUpdated) -> None:
        working = self._working.get(said.client_order_id)
        if working is None:
            return
        price = said.trigger if working.role == "stop" else said.price
        if price is not None and price != working.prices[-1][1]:
            working.prices.append((ts, price))

    def _ended(self, ts: Nanoseconds, order: str) -> None:
        working = self._working.get(order)
        if working is not None:
            working.end = ts


def _latency(stage: str, elapsed: list[Nanoseconds]) -> StageLatency:
    in_ms = np.array(elapsed) / NS_PER_MS
    p50, p95 = np.percentile(in_ms, [50, 95])
    return StageLatency(
        stage=stage,
        count=len(elapsed),
        p50_ms=float(p50),
        p95_ms=float(p95),
        max_ms=float(in_ms.max()),
    )
