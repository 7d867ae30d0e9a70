"""A venue that follows a script, and market logs of rows at given times."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from heapq import heappop, heappush
from typing import Final

import pyarrow as pa

from actors.execution.venue import Listener, Subscriptions, Window
from actors.kit.inputs import Input
from events.backends.memory.market_log import MemoryMarketLog
from events.batches import LAYOUTS, BatchKind, Terms
from schemas.envelope import Event
from schemas.identity import event_id
from schemas.market import Observation
from schemas.order import OrderApproved, OrderCancelled, OrderCancelRequested, OrderFilled
from schemas.quantities import Money, Nanoseconds
from schemas.registry import Payload
from schemas.timer import TimerFired

TERMS: Final = Terms(instrument="A.B", price_precision=2, size_precision=0)


class ScriptedVenue:
    """Says something at each time of its script, and fills every order one nanosecond later."""

    def __init__(self, script: Sequence[Nanoseconds]) -> None:
        self.calls: Final[list[str]] = []
        self._agenda: list[tuple[Nanoseconds, int, Input]] = []
        self._now: Nanoseconds = 0
        self._planned = 0
        for number, at in enumerate(script):
            self._plan(at, f"scripted {number}", Observation(name="scripted", value=float(at)))

    def start(self, subscriptions: Subscriptions, listener: Listener) -> None:
        self.calls.append("start")
        self._listener = listener

    def advance(self, window: Window) -> None:
        self.calls.append("advance")
        self._play(window.ts_end)

    def submit(self, approved: Event[OrderApproved]) -> None:
        ticket = approved.payload.ticket
        fill = OrderFilled(
            client_order_id=ticket.client_order_id,
            instrument=ticket.instrument,
            strategy=ticket.strategy,
            trade_id=f"trade of {ticket.client_order_id}",
            side=ticket.side,
            quantity=ticket.quantity,
            price=Decimal(1),
            commission=Money(Decimal(0), "USD"),
            liquidity="taker",
        )
        self._plan(self._now + 1, fill.trade_id, fill, cause=approved.id)

    def cancel(self, request: Event[OrderCancelRequested]) -> None:
        """Says so at once, from inside the call."""
        name = request.payload.client_order_id
        payload = OrderCancelled(client_order_id=name, instrument="A.B", strategy="s")
        self._listener(self._said(self._now, f"{name} cancelled", payload, request.id))

    def set_timer(self, owner: str, name: str, at: Nanoseconds) -> None:
        fired = TimerFired(name=name, at=at, owner=owner)
        self._plan(max(at, self._now), event_id(owner, f"{name}@{at}", 0), fired)

    def finish(self) -> None:
        self.calls.append("finish")
        self._play(None)

    def balances(self) -> Sequence[tuple[str, str, str]]:
        return ()

    def close(self) -> None:
        self.calls.append("close")

    def _plan(self, at: Nanoseconds, name: str, payload: Payload, cause: str = "") -> None:
        self._planned += 1
        heappush(self._agenda, (at, self._planned, self._said(at, name, payload, cause)))

    def _play(self, end: Nanoseconds | None) -> None:
        while self._agenda and (end is None or self._agenda[0][0] < end):
            self._now, _, said = heappop(self._agenda)
            self._listener(said)

    def _said(self, at: Nanoseconds, name: str, payload: Payload, cause: str) -> Input:
        return Input(
            id=name,
            author="venue.B",
            cause=cause or name,
            correlation=cause or name,
            ts=at,
            payload=payload,
        )


def market_log(rows: Mapping[str, Sequence[Nanoseconds]], record_rows: int) -> MemoryMarketLog:
    """A log whose sources have a quote at each time, ``record_rows`` to a record."""
    log = MemoryMarketLog()
    for source, times in rows.items():
        with log.open(source) as writer:
            for start in range(0, len(times), record_rows):
                batch = _quotes(times[start : start + record_rows])
                writer.append(BatchKind.QUOTES, TERMS, batch, checkpoint=b"")
    return log


def _quotes(times: Sequence[Nanoseconds]) -> pa.RecordBatch:
    layout = LAYOUTS[BatchKind.QUOTES]
    prices = [[100] * len(times)] * 4
    return pa.RecordBatch.from_arrays(
        [
            pa.array(column, field.type)
            for column, field in zip([times, times, *prices], layout, strict=True)
        ],
        schema=layout,
    )
