"""Round trips: positions from flat to flat, or until they turn, as a fold of what changed them."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from runtime.report.data import RoundTrip
from schemas.envelope import AnyEvent
from schemas.market import Instrument
from schemas.order import Side
from schemas.position import PositionChanged
from schemas.quantities import Nanoseconds

CONSUMES: Final = frozenset((Instrument, PositionChanged))
"""The kinds that round trips are folded from."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What is open: ``size`` now, ``quantity`` at most, and the profit from before it opened."""

    side: Side
    opened: Nanoseconds
    size: Decimal
    quantity: Decimal
    entry: Decimal
    net_before: Decimal


class RoundTrips:
    """Folds events into closed round trips, and notes which trades opened or added to one."""

    def __init__(self) -> None:
        self.closed: Final[list[RoundTrip]] = []
        self.opening_trades: Final[set[str]] = set()
        self._multipliers: Final[dict[str, Decimal]] = {}
        self._held: Final[dict[tuple[str, str], _Held]] = {}
        self._net: Final[dict[tuple[str, str], Decimal]] = {}

    def learn(self, event: AnyEvent) -> None:
        """Note an event; kinds that say nothing about positions are passed over."""
        match event.payload:
            case Instrument() as instrument:
                self._multipliers[instrument.id] = instrument.multiplier
            case PositionChanged() as change:
                self._changed(event.ts, change)
            case _:
                pass

    def _changed(self, ts: Nanoseconds, change: PositionChanged) -> None:
        key = (change.strategy, change.instrument)
        net = change.realised_total.amount - change.commission_total.amount
        net_before = self._net.get(key, Decimal(0))
        self._net[key] = net
        side = Side.BUY if change.quantity > 0 else Side.SELL
        size = abs(change.quantity)
        held = self._held.pop(key, None)
        if held is not None and (size == 0 or side is not held.side):
            self.closed.append(self._trip(held, ts, change, net - held.net_before))
            held, net_before = None, net
        if size == 0 or change.average_price is None:
            return
        if held is None:
            held = _Held(side, ts, Decimal(0), Decimal(0), Decimal(0), net_before)
        if size > held.size:
            self.opening_trades.add(change.trade_id)
            held = replace(held, entry=change.average_price, quantity=max(size, held.quantity))
        self._held[key] = replace(held, size=size)

    def _trip(
        self, held: _Held, ts: Nanoseconds, change: PositionChanged, profit: Decimal
    ) -> RoundTrip:
        multiplier = self._multipliers.get(change.instrument, Decimal(1))
        notional = abs(held.entry * held.quantity * multiplier)
        return RoundTrip(
            instrument=change.instrument,
            strategy=change.strategy,
            side=held.side,
            opened=held.opened,
            closed=ts,
            quantity=held.quantity,
            entry=held.entry,
            profit=profit,
            currency=change.realised.currency,
            value=float(profit / notional) if notional else 0.0,
        )
