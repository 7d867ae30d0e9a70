"""Positions as folds of fills: net per strategy and instrument."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import msgspec
from msgspec.structs import replace

from actors.portfolio.conversion import settlement_currency
from actors.portfolio.settlement import FLAT, Holding, scale_of, settle
from actors.portfolio.trades import Booked, is_booked, with_trade
from schemas.envelope import AnyEvent
from schemas.market import Instrument
from schemas.order import OrderFilled
from schemas.position import PositionChanged
from schemas.quantities import Money
from schemas.registry import Payload

AUTHOR: Final = "portfolio.positions"


class Position(msgspec.Struct, frozen=True, gc=False):
    """What one strategy holds and has earned in one instrument.

    Attributes:
        realised: by the last fill; realised_total: by all, both in the settlement currency.
        commissions: paid so far, by currency.
    """

    holding: Holding = FLAT
    realised: Decimal = Decimal(0)
    realised_total: Decimal = Decimal(0)
    commissions: Mapping[str, Decimal] = {}


class PositionsState(msgspec.Struct, frozen=True, gc=False):
    """Every position there has been, by (strategy, instrument).

    Attributes:
        changed_by: id of the event folded last, when it was a fill that counted.
    """

    instruments: Mapping[str, Instrument] = {}
    positions: Mapping[tuple[str, str], Position] = {}
    booked: Booked = {}
    changed_by: str | None = None


class Positions:
    """Says ``position.changed`` for every fill; a trade that was seen before changes nothing.

    Raises:
        KeyError: a fill names an instrument whose terms were never told.
    """

    author: Final = AUTHOR
    consumes: Final[frozenset[type[Payload]]] = frozenset((Instrument, OrderFilled))
    answers: Final[frozenset[type[Payload]]] = frozenset((OrderFilled,))

    def initial(self) -> PositionsState:
        """Nothing is held."""
        return PositionsState()

    def evolve(self, state: PositionsState, event: AnyEvent) -> PositionsState:
        """Book a fill."""
        match event.payload:
            case Instrument() as told:
                return replace(state, instruments={**state.instruments, told.id: told})
            case OrderFilled() as fill if is_booked(state.booked, fill):
                return replace(state, changed_by=None)
            case OrderFilled() as fill:
                return replace(
                    state,
                    positions=_with_fill(state, fill),
                    booked=with_trade(state.booked, fill),
                    changed_by=event.id,
                )
            case _:
                return state

    def decide(self, state: PositionsState, event: AnyEvent) -> Iterable[Payload]:
        """Say what the fill did."""
        match event.payload:
            case OrderFilled() as fill if state.changed_by == event.id:
                return (_changed(state, fill),)
            case _:
                return ()


def _with_fill(state: PositionsState, fill: OrderFilled) -> Mapping[tuple[str, str], Position]:
    key = (fill.strategy, fill.instrument)
    before = state.positions.get(key, Position())
    signed = fill.quantity * fill.side.sign
    scale = scale_of(state.instruments[fill.instrument])
    holding, realised = settle(before.holding, signed, fill.price, scale)
    charged = fill.commission
    paid = before.commissions.get(charged.currency, Decimal(0)) + charged.amount
    after = Position(
        holding=holding,
        realised=realised,
        realised_total=before.realised_total + realised,
        commissions={**before.commissions, charged.currency: paid},
    )
    return {**state.positions, key: after}


def _changed(state: PositionsState, fill: OrderFilled) -> PositionChanged:
    position = state.positions[fill.strategy, fill.instrument]
    currency = settlement_currency(state.instruments[fill.instrument])
    charged = fill.commission.currency
    return PositionChanged(
        instrument=fill.instrument,
        strategy=fill.strategy,
        quantity=position.holding.quantity,
        average_price=position.holding.average_price,
        realised=Money(position.realised, currency),
        realised_total=Money(position.realised_total, currency),
        commission_total=Money(position.commissions[charged], charged),
        trade_id=fill.trade_id,
    )
