"""Whatever is asked, traded, cancelled or said, in any order, the book stays within its limits."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.cell import CellStarted
from schemas.operator import OperatorCommanded
from schemas.order import (
    OrderApproved,
    OrderCancelled,
    OrderFilled,
    OrderRequested,
    OrderType,
    OrderVetoed,
    Side,
    Terms,
)
from schemas.quantities import Money
from schemas.registry import Payload
from schemas.risk import RiskState
from tests.actors.risk.desk import LIVE, desk, worth
from tests.actors.risk.tiny_venue import AtVenue, TinyVenue
from tests.support.trading import ES, EURUSD, quote, ticket

MAX_ORDER, MAX_POSITION, MAX_GROSS, MAX_LEVERAGE = 800, 1000, 700_000, 6
ORDERS_MAX = 7
"""Working orders at a time: trying out all their sequences takes a factorial of it."""


INSTRUMENTS = {"EUR": EURUSD, "ES": ES}
TERMS = {
    "market": Terms(),
    "reduce only": Terms(reduce_only=True),
    "limit": Terms(type=OrderType.LIMIT, price=Decimal("1.1")),
    "bracket": Terms(stop_loss=Decimal(1), take_profit=Decimal(2)),
}


def command(name: str) -> Payload:
    return OperatorCommanded(command=name, arguments={}, operator="ada")


DISTURBANCES = {
    "halt": command("risk.halt"),
    "reduce only": command("risk.reduce_only"),
    "flatten": command("risk.flatten"),
    "restart": CellStarted(code_hash="", config_hash="", deciders=(), configuration="", version=""),
}


class Desk:
    """Risk and a venue, and what must hold whenever one of them speaks."""

    def __init__(self) -> None:
        self.told = desk(
            max_order_quantity=Decimal(MAX_ORDER),
            max_position=Decimal(MAX_POSITION),
            max_gross_notional=Decimal(MAX_GROSS),
            max_leverage=Decimal(MAX_LEVERAGE),
            max_orders=20,
            max_drawdown=Decimal("0.5"),
        )
        self.venue = TinyVenue()
        self.price = {EURUSD.id: Decimal("1.1"), ES.id: Decimal(1680)}
        self.equity = Decimal(100_000)
        self.number = 0
        self.disturbed_for = 0

    def tell(self, payload: Payload, author: str = "somebody") -> list[Payload]:
        said = self.told.when(payload, author=author)
        for answer in said:
            if isinstance(answer, OrderApproved):
                self.venue.submit(answer.ticket)
        return said

    def ask(self, name: str, strategy: str, size: int, how: str) -> None:
        of, terms = INSTRUMENTS[name], TERMS[how]
        if len(self.venue.orders) >= ORDERS_MAX:
            return
        self.number += 1
        units = size // 100 if of == ES else size
        asked = ticket(of, units, name=f"o{self.number}", strategy=strategy, terms=terms)
        held, before = self.venue.position(of.id), self.venue.farthest(of.id)
        (answer,) = self.tell(OrderRequested(ticket=asked), author="sizing")
        if isinstance(answer, OrderVetoed):
            assert all((answer.failed.rule, answer.failed.limit, answer.failed.value))
            return
        after = self.venue.farthest(of.id)
        low, high = self.venue.extremes(of.id)
        only_reduces = held * units < 0 and (low >= 0 if units < 0 else high <= 0)
        state = self.told.state
        assert state.mode is not RiskState.HALTED
        assert only_reduces or (state.mode is RiskState.NORMAL and state.live)
        assert only_reduces or abs(units) <= MAX_ORDER
        if after > before:
            assert after <= MAX_POSITION
            assert self.gross() <= min(Decimal(MAX_GROSS), MAX_LEVERAGE * self.equity)

    def gross(self) -> Decimal:
        """The worst that the venue can make of it, at the last prices."""
        return sum(
            (self.venue.farthest(of.id) * self.price[of.id] * of.multiplier for of in (EURUSD, ES)),
            Decimal(0),
        )

    def trade(self, pick: int, part: int) -> None:
        order = self.picked(pick)
        units = 0 if order is None else order.tradable(self.venue.position(order.instrument))
        if order is None or units == 0:
            return
        units = -(-units // part)
        self.number += 1
        self.venue.trade(order, units)
        self.tell(
            OrderFilled(
                client_order_id=order.name,
                instrument=order.instrument,
                strategy=order.strategy,
                trade_id=f"T{self.number}",
                side=Side.BUY if order.sign > 0 else Side.SELL,
                quantity=Decimal(units),
                price=self.price[order.instrument],
                commission=Money(Decimal(0), "USD"),
                liquidity="taker",
            )
        )

    def cancel(self, pick: int) -> None:
        order = self.picked(pick)
        if order is not None:
            self.venue.cancel(order)
            self.tell(
                OrderCancelled(
                    client_order_id=order.name,
                    instrument=order.instrument,
                    strategy=order.strategy,
                )
            )

    def picked(self, pick: int) -> AtVenue | None:
        orders = list(self.venue.orders.values())
        return orders[pick % len(orders)] if orders else None

    def go_on(self, ticks: int, equity: int, ms: int) -> None:
        """The market moves, the account is valued, time passes."""
        self.told.at(self.told.ts + ms * 1_000_000)
        self.price[ES.id] = Decimal(1680) + ticks
        self.equity = Decimal(equity)
        self.tell(quote(ES, self.price[ES.id], self.price[ES.id]))
        self.tell(worth(equity))

    def disturb(self, what: str) -> None:
        """An operator interferes, or the cell starts again."""
        self.tell(DISTURBANCES[what])
        self.disturbed_for = 5

    def do(self, name: str, arguments: tuple[object, ...]) -> None:
        """Make a move. Disturbances end a few moves later."""
        getattr(self, name)(*arguments)
        self.disturbed_for -= 1
        if self.disturbed_for == 0:
            self.tell(LIVE)
            self.tell(command("risk.resume"))

    def check(self) -> None:
        for of in (EURUSD, ES):
            assert abs(self.venue.position(of.id)) <= MAX_POSITION
            held = self.told.state.blotter.held_by_all(of.id)
            assert held == self.venue.position(of.id)


MOVES = {
    "ask": st.tuples(
        st.sampled_from(["EUR", "EUR", "ES"]),
        st.sampled_from(["ema", "donchian"]),
        st.sampled_from([-900, -800, -500, -300, 300, 500, 800, 900]),
        st.sampled_from(sorted(TERMS)),
    ),
    "trade": st.tuples(st.integers(0, 6), st.sampled_from([1, 1, 2])),
    "cancel": st.tuples(st.integers(0, 6)),
    "go_on": st.tuples(st.integers(-20, 20), st.integers(80_000, 160_000), st.integers(0, 900)),
    "disturb": st.tuples(st.sampled_from(sorted(DISTURBANCES))),
}
HOW_OFTEN = {"ask": 8, "trade": 8, "cancel": 2, "go_on": 2, "disturb": 1}
NAMES = [name for name, weight in HOW_OFTEN.items() for _ in range(weight)]


def move(name: str) -> st.SearchStrategy[tuple[str, tuple[object, ...]]]:
    return st.tuples(st.just(name), MOVES[name])


@pytest.mark.timeout(600)  # Finding the shortest sequence that fails takes its time.
@given(st.lists(st.sampled_from(NAMES).flatmap(move), min_size=30, max_size=80))
@settings(max_examples=150)
def test_no_sequence_of_events_takes_the_book_over_a_limit(
    moves: list[tuple[str, tuple[object, ...]]],
) -> None:
    desk = Desk()
    for name, arguments in moves:
        desk.do(name, arguments)
        desk.check()
    desk.told.assert_recovers()
