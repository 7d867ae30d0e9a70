from decimal import Decimal

import pytest

from actors.portfolio.blotter import Blotter, answered, with_ticket
from actors.risk.reach import Reach, reach
from schemas.order import Terms
from tests.support.trading import EURUSD, fill, ticket

REDUCING = Terms(reduce_only=True)


def book(held: dict[str, int], orders: list[tuple[str, int, Terms]]) -> Blotter:
    blotter = Blotter()
    for strategy, signed in held.items():
        of = ticket(EURUSD, signed, name=strategy, strategy=strategy)
        blotter = answered(blotter, fill(of, "1.1", trade_id=strategy))
    for number, (strategy, signed, terms) in enumerate(orders):
        of = ticket(EURUSD, signed, name=f"o{number}", strategy=strategy, terms=terms)
        blotter = with_ticket(blotter, of)
    return blotter


@pytest.mark.parametrize(
    ("held", "orders", "low", "high"),
    [
        ({}, [], 0, 0),
        ({"a": 100}, [], 100, 100),
        ({}, [("a", 70, Terms()), ("a", -30, Terms())], -30, 70),
        ({"a": 100}, [("a", -60, REDUCING)], 40, 100),
        ({"a": 100}, [("a", -250, REDUCING)], 0, 100),
        ({"a": -100}, [("a", 250, REDUCING)], -100, 0),
        ({}, [("a", -250, REDUCING)], 0, 0),
        ({"a": 100}, [("a", -60, REDUCING), ("a", -80, Terms())], -40, 100),
    ],
)
def test_what_opens_extends_the_reach_and_what_reduces_stops_at_flat(
    held: dict[str, int], orders: list[tuple[str, int, Terms]], low: int, high: int
) -> None:
    assert reach(book(held, orders), EURUSD.id) == Reach(Decimal(low), Decimal(high))


def test_a_venue_that_nets_stops_reduce_only_orders_at_the_accounts_position() -> None:
    # The order of "a" outlived its position; what "b" holds is all that it could reduce.
    blotter = book({"b": 150}, [("a", -100, REDUCING), ("b", -150, Terms())])
    assert reach(blotter, EURUSD.id).low == -100


def test_a_venue_that_hedges_stops_reduce_only_orders_at_the_strategys_position() -> None:
    # Netted, the account is flat and the order of "a" could do nothing.
    blotter = book({"a": 100, "b": -100}, [("a", -100, REDUCING)])
    assert reach(blotter, EURUSD.id).low == -100


def test_legs_of_a_bracket_reduce_what_its_entry_has_opened() -> None:
    bracket = Terms(stop_loss=Decimal(1), take_profit=Decimal(2))
    assert reach(book({}, [("a", 100, bracket)]), EURUSD.id) == Reach(Decimal(0), Decimal(100))
