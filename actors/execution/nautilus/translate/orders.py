"""Tickets as Nautilus orders: one order, or the three of a bracket."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypedDict

from nautilus_trader import common, model

from actors.execution.nautilus.book import STOP_LOSS, TAKE_PROFIT
from actors.execution.nautilus.translate.instruments import instrument_id
from actors.execution.nautilus.translate.numbers import to_price, to_quantity
from schemas.identity import leg_id
from schemas.market import Instrument
from schemas.order import OrderType, Side, Terms, Ticket, TimeInForce
from schemas.quantities import SECOND_NS, Nanoseconds, Price

type NautilusOrder = (
    model.MarketOrder
    | model.LimitOrder
    | model.StopMarketOrder
    | model.StopLimitOrder
    | model.TrailingStopMarketOrder
)

_DAY_NS: Final = 86_400 * SECOND_NS
_SIDES: Final = {Side.BUY: model.OrderSide.BUY, Side.SELL: model.OrderSide.SELL}
_TIMES_IN_FORCE: Final = {
    TimeInForce.GTC: model.TimeInForce.GTC,
    TimeInForce.GTD: model.TimeInForce.GTD,
    TimeInForce.DAY: model.TimeInForce.GTD,
    TimeInForce.IOC: model.TimeInForce.IOC,
    TimeInForce.FOK: model.TimeInForce.FOK,
}
"""Nautilus' simulation never expires a day order: it becomes one good till its UTC day's end."""


class NoMarket(Exception):
    """A stop is to trail the market, and there is none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What an order meets: the time, and the best prices; ``None`` when nothing is known yet."""

    now: Nanoseconds
    bid: Price | None
    ask: Price | None

    def trailed_by(self, side: Side) -> Price:
        """The price that a stop of this side follows: a selling stop the bid, a buying one the ask.

        Raises:
            NoMarket: it is not known.
        """
        price = self.bid if side is Side.SELL else self.ask
        if price is None:
            raise NoMarket("no market to trail yet")
        return price


class _Common(TypedDict):
    instrument_id: model.InstrumentId
    order_side: model.OrderSide
    quantity: model.Quantity


class _Working(_Common):
    time_in_force: model.TimeInForce
    expire_time: int | None
    reduce_only: bool
    client_order_id: model.ClientOrderId


def to_orders(
    factory: common.OrderFactory, instrument: Instrument, ticket: Ticket, market: Market
) -> list[NautilusOrder]:
    """The entry, and behind it the legs of a bracket, stop-loss first.

    Args:
        factory: of the strategy that will submit them.
        instrument: the ticket's.
        ticket: one that ``refusals.refusal`` has nothing against.
        market: what a trailing stop starts from, and when a day ends.

    Raises:
        NoMarket: a stop has to trail a price that is not known.
    """
    if ticket.terms.is_bracket:
        return _bracket(factory, instrument, ticket, market)
    return [_single(factory, instrument, ticket, market)]


def _single(
    factory: common.OrderFactory, instrument: Instrument, ticket: Ticket, market: Market
) -> NautilusOrder:
    terms = ticket.terms
    working = _working(instrument, ticket, market.now)
    order: NautilusOrder
    match terms.type:
        case OrderType.MARKET:
            order = factory.market(
                **_common(instrument, ticket),
                time_in_force=working["time_in_force"],
                reduce_only=terms.reduce_only,
                client_order_id=working["client_order_id"],
            )
        case OrderType.LIMIT:
            order = factory.limit(
                **working, price=_price(instrument, terms.price), post_only=terms.post_only
            )
        case OrderType.STOP:
            order = factory.stop_market(**working, trigger_price=_price(instrument, terms.trigger))
        case OrderType.STOP_LIMIT:
            order = factory.stop_limit(
                **working,
                price=_price(instrument, terms.price),
                trigger_price=_price(instrument, terms.trigger),
                post_only=terms.post_only,
            )
        case OrderType.TRAILING_STOP:
            trail = _given(terms.trail)
            trigger = terms.trigger or _behind(market.trailed_by(ticket.side), trail, ticket.side)
            order = factory.trailing_stop_market(
                **working,
                trailing_offset=trail,
                trailing_offset_type=model.TrailingOffsetType.PRICE,
                trigger_price=_price(instrument, trigger),
            )
    return order


def _bracket(
    factory: common.OrderFactory, instrument: Instrument, ticket: Ticket, market: Market
) -> list[NautilusOrder]:
    terms = ticket.terms
    name = ticket.client_order_id
    trail = terms.stop_loss_trail
    orders: list[NautilusOrder] = factory.bracket(
        **_common(instrument, ticket),
        time_in_force=_time_in_force(terms),
        expire_time=_expire(terms, market.now),
        entry_order_type=_ENTRIES[terms.type],
        entry_price=_optional_price(instrument, terms.price or terms.trigger),
        entry_trigger_price=_optional_price(instrument, terms.trigger),
        entry_post_only=terms.post_only,
        entry_client_order_id=model.ClientOrderId(name),
        tp_price=_price(instrument, terms.take_profit),
        tp_post_only=False,
        tp_client_order_id=model.ClientOrderId(leg_id(name, TAKE_PROFIT)),
        sl_order_type=_STOP if trail is None else _TRAILING_STOP,
        sl_trigger_price=_price(instrument, _stop_loss(ticket, market)),
        sl_trailing_offset=trail,
        sl_client_order_id=model.ClientOrderId(leg_id(name, STOP_LOSS)),
    )
    if terms.type is OrderType.STOP:
        orders[0] = _stop_entry(instrument, ticket, orders[0], market.now)
    return orders


_STOP: Final = model.OrderType.STOP_MARKET
_TRAILING_STOP: Final = model.OrderType.TRAILING_STOP_MARKET
_ENTRIES: Final = {
    OrderType.MARKET: model.OrderType.MARKET,
    OrderType.LIMIT: model.OrderType.LIMIT,
    OrderType.STOP_LIMIT: model.OrderType.STOP_LIMIT,
    # The factory makes no bracket with a stop entry; ``_stop_entry`` takes the limit's place.
    OrderType.STOP: model.OrderType.LIMIT,
}


def _stop_loss(ticket: Ticket, market: Market) -> Price:
    """The stop-loss's first trigger; without one it starts ``stop_loss_trail`` from the entry."""
    terms = ticket.terms
    if terms.stop_loss is not None:
        return terms.stop_loss
    exit_side = ticket.side.opposite
    entry = terms.price or terms.trigger or market.trailed_by(exit_side)
    return _behind(entry, _given(terms.stop_loss_trail), exit_side)


def _stop_entry(
    instrument: Instrument, ticket: Ticket, stand_in: NautilusOrder, now: Nanoseconds
) -> model.StopMarketOrder:
    return model.StopMarketOrder(
        stand_in.trader_id,
        stand_in.strategy_id,
        stand_in.instrument_id,
        stand_in.client_order_id,
        stand_in.side,
        stand_in.quantity,
        _price(instrument, ticket.terms.trigger),
        model.TriggerType.DEFAULT,
        stand_in.time_in_force,
        reduce_only=False,
        quote_quantity=False,
        init_id=stand_in.init_id,
        ts_init=stand_in.ts_init,
        expire_time=_expire(ticket.terms, now),
        contingency_type=stand_in.contingency_type,
        order_list_id=stand_in.order_list_id,
        linked_order_ids=stand_in.linked_order_ids,
    )


def _common(instrument: Instrument, ticket: Ticket) -> _Common:
    return {
        "instrument_id": instrument_id(ticket.instrument),
        "order_side": _SIDES[ticket.side],
        "quantity": to_quantity(ticket.quantity, instrument.size_precision),
    }


def _working(instrument: Instrument, ticket: Ticket, now: Nanoseconds) -> _Working:
    return {
        **_common(instrument, ticket),
        "time_in_force": _time_in_force(ticket.terms),
        "expire_time": _expire(ticket.terms, now),
        "reduce_only": ticket.terms.reduce_only,
        "client_order_id": model.ClientOrderId(ticket.client_order_id),
    }


def _time_in_force(terms: Terms) -> model.TimeInForce:
    if terms.type is OrderType.MARKET and terms.time_in_force is TimeInForce.DAY:
        return model.TimeInForce.DAY
    return _TIMES_IN_FORCE[terms.time_in_force]


def _expire(terms: Terms, now: Nanoseconds) -> Nanoseconds | None:
    if terms.time_in_force is TimeInForce.DAY and terms.type is not OrderType.MARKET:
        return (now // _DAY_NS + 1) * _DAY_NS
    return terms.expire


def _behind(price: Price, trail: Decimal, side: Side) -> Price:
    return price - trail if side is Side.SELL else price + trail


def _price(instrument: Instrument, value: Price | None) -> model.Price:
    return to_price(_given(value), instrument.price_precision)


def _optional_price(instrument: Instrument, value: Price | None) -> model.Price | None:
    return None if value is None else _price(instrument, value)


def _given(value: Decimal | None) -> Decimal:
    assert value is not None, "refusals let an order pass that lacks a term"
    return value
