from decimal import Decimal

import pytest

from actors.portfolio.blotter import Blotter, answered, with_ticket
from schemas.order import (
    OrderCancelled,
    OrderExpired,
    OrderRejected,
    OrderUnknown,
    OrderUpdated,
    Terms,
    VenueAnswer,
)
from tests.support.trading import EURUSD, USDJPY, fill, ticket

ENTRY = ticket(
    EURUSD, 100, name="e", terms=Terms(stop_loss=Decimal("1.0"), take_profit=Decimal("1.2"))
)


def cancelled(name: str) -> VenueAnswer:
    return OrderCancelled(client_order_id=name, instrument=EURUSD.id, strategy="ema")


def test_a_brackets_legs_work_with_its_entry() -> None:
    blotter = with_ticket(Blotter(), ENTRY)
    assert list(blotter.working) == ["e", "e-SL", "e-TP"]
    assert [order.reduces for order in blotter.working.values()] == [False, True, True]


def test_a_partly_filled_order_works_with_what_remains() -> None:
    blotter = answered(with_ticket(Blotter(), ENTRY), fill(ENTRY, "1.1", quantity="30"))
    assert blotter.working["e"].remaining == 70
    assert blotter.held("ema", EURUSD.id) == 30


def test_legs_outlive_an_entry_that_traded() -> None:
    blotter = answered(with_ticket(Blotter(), ENTRY), fill(ENTRY, "1.1"))
    assert list(blotter.working) == ["e-SL", "e-TP"]


def test_legs_outlive_an_entry_that_traded_in_part_and_was_cancelled() -> None:
    blotter = answered(with_ticket(Blotter(), ENTRY), fill(ENTRY, "1.1", quantity="30"))
    assert list(answered(blotter, cancelled("e")).working) == ["e-SL", "e-TP"]


@pytest.mark.parametrize(
    "end",
    [
        cancelled("e"),
        OrderExpired(client_order_id="e", instrument=EURUSD.id, strategy="ema"),
        OrderRejected(client_order_id="e", instrument=EURUSD.id, strategy="ema", reason="margin"),
    ],
)
def test_legs_end_with_an_entry_that_never_traded(end: VenueAnswer) -> None:
    assert answered(with_ticket(Blotter(), ENTRY), end).working == {}


def test_a_leg_that_trades_closes_what_its_entry_opened() -> None:
    blotter = answered(with_ticket(Blotter(), ENTRY), fill(ENTRY, "1.1"))
    blotter = answered(blotter, fill(ENTRY, "1.0", trade_id="T2", leg="SL"))
    assert blotter.held("ema", EURUSD.id) == 0
    assert list(answered(blotter, cancelled("e-TP")).working) == []


def test_an_order_of_unknown_fate_goes_on_working() -> None:
    unknown = OrderUnknown(
        client_order_id="e", instrument=EURUSD.id, strategy="ema", reason="time-out"
    )
    assert "e" in answered(with_ticket(Blotter(), ENTRY), unknown).working


def test_the_venue_may_change_a_quantity() -> None:
    updated = OrderUpdated(
        client_order_id="e-SL", instrument=EURUSD.id, strategy="ema", quantity=Decimal(40)
    )
    assert answered(with_ticket(Blotter(), ENTRY), updated).working["e-SL"].remaining == 40


def test_a_trade_that_was_seen_before_is_not_counted() -> None:
    blotter = answered(with_ticket(Blotter(), ENTRY), fill(ENTRY, "1.1", quantity="30"))
    assert answered(blotter, fill(ENTRY, "1.1", quantity="30")) == blotter


def test_a_fill_of_an_order_that_nobody_knows_still_moves_the_position() -> None:
    blotter = answered(Blotter(), fill(ENTRY, "1.1"))
    assert blotter.held("ema", EURUSD.id) == 100


def test_the_account_holds_the_sum_of_its_strategies() -> None:
    blotter = Blotter()
    for number, (instrument, strategy, signed) in enumerate(
        [(EURUSD, "ema", 100), (EURUSD, "donchian", -30), (USDJPY, "ema", 7)]
    ):
        of = ticket(instrument, signed, strategy=strategy)
        blotter = answered(blotter, fill(of, "1.1", trade_id=f"T{number}"))
    assert blotter.held_by_all(EURUSD.id) == 70
