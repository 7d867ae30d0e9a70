"""Orders on their way to the venue, and what can be said about them before they arrive."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from nautilus_trader import model

from actors.execution.nautilus.book import OrderBook
from actors.execution.nautilus.hand import Hand, Trader
from actors.execution.nautilus.mailbox import Mailbox
from actors.execution.nautilus.refusals import refusal
from actors.execution.nautilus.translate.instruments import instrument_id
from actors.execution.nautilus.translate.orders import Market, NoMarket, to_orders
from schemas.envelope import Event
from schemas.market import Instrument
from schemas.order import OrderApproved, OrderCancelRequested, OrderRejected, Ticket


class OrderDesk:
    """Sends and withdraws orders. One that cannot be sent is answered with a rejection."""

    def __init__(
        self, hand: Hand, book: OrderBook, mailbox: Mailbox, instruments: Mapping[str, Instrument]
    ) -> None:
        self._hand: Final = hand
        self._traders: Final[dict[str, Trader]] = {}
        self._book: Final = book
        self._mailbox: Final = mailbox
        self._instruments: Final = instruments

    def admit(self, strategy: str, trader: Trader) -> None:
        """From now on a strategy's orders are this trader's."""
        self._traders[strategy] = trader

    def submit(self, approved: Event[OrderApproved]) -> None:
        """Send an order. One taken before is left alone: Nautilus would fill it twice."""
        ticket = approved.payload.ticket
        if ticket.client_order_id in self._book:
            return
        order = self._book.take(approved)
        now = self._hand.clock.timestamp_ns()
        instrument = self._instruments.get(ticket.instrument)
        reason = refusal(ticket, instrument, now)
        if reason is None and instrument is not None:
            reason = self._send(ticket, instrument)
        if reason is not None:
            rejected = OrderRejected(
                client_order_id=ticket.client_order_id,
                instrument=ticket.instrument,
                strategy=ticket.strategy,
                reason=reason,
            )
            self._mailbox.post(self._book.answer(order, rejected, now))

    def cancel(self, request: Event[OrderCancelRequested]) -> None:
        """Withdraw an order or a leg; one that is closed or was never sent is left alone."""
        name = model.ClientOrderId(request.payload.client_order_id)
        if self._hand.cache.order_exists(name) and not self._hand.cache.is_order_closed(name):
            self._trader(self._book[str(name)].strategy).cancel_order(name)

    def _send(self, ticket: Ticket, instrument: Instrument) -> str | None:
        trader = self._trader(ticket.strategy)
        try:
            orders = to_orders(trader.order_factory, instrument, ticket, self._market(ticket))
            if len(orders) == 1:
                trader.submit_order(orders[0])
            else:
                trader.submit_order_list(orders)
        except (NoMarket, ValueError, RuntimeError) as error:
            return str(error)
        return None

    def _trader(self, strategy: str) -> Trader:
        return self._traders.get(strategy, self._hand)

    def _market(self, ticket: Ticket) -> Market:
        now = self._hand.clock.timestamp_ns()
        name = instrument_id(ticket.instrument)
        quote = self._hand.cache.quote(name)
        if quote is not None:
            bid, ask = quote.bid_price.as_decimal(), quote.ask_price.as_decimal()
            return Market(now=now, bid=bid, ask=ask)
        trade = self._hand.cache.trade(name)
        last: Decimal | None = None if trade is None else trade.price.as_decimal()
        return Market(now=now, bid=last, ask=last)
