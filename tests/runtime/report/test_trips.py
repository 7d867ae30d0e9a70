"""Round trips: opened, added to, reduced, turned and closed, with every cent in one of them."""

from decimal import Decimal

import pytest

from runtime.report.trips import RoundTrips
from schemas.order import Side
from schemas.position import PositionChanged
from schemas.quantities import Money
from tests.support.handmade import given


def folded(*changes: tuple[int, str | None, str, str]) -> RoundTrips:
    """Each change is (quantity, average price, realised so far, commissions so far)."""
    trips = RoundTrips()
    for number, (quantity, price, realised, commission) in enumerate(changes):
        change = PositionChanged(
            instrument="EUR/USD.FXCM",
            strategy="ema",
            quantity=Decimal(quantity),
            average_price=Decimal(price) if price else None,
            realised=Money(Decimal(0), "USD"),
            realised_total=Money(Decimal(realised), "USD"),
            commission_total=Money(Decimal(commission), "USD"),
            trade_id=f"T-{number}",
        )
        trips.learn(given(f"change-{number}", "positions", number, change))
    return trips


def test_a_position_from_flat_to_flat_is_one_trip_after_both_commissions() -> None:
    trips = folded((1000, "1.25", "0", "0.10"), (0, None, "5.00", "0.20"))
    (trip,) = trips.closed
    assert (trip.side, trip.opened, trip.closed) == (Side.BUY, 0, 1)
    assert (trip.quantity, trip.entry, trip.profit) == (
        Decimal(1000),
        Decimal("1.25"),
        Decimal("4.80"),
    )
    assert trip.value == pytest.approx(4.80 / 1250)
    assert trips.opening_trades == {"T-0"}


def test_adding_and_reducing_stay_within_a_trip() -> None:
    trips = folded(
        (-100, "2.00", "0", "0.1"),
        (-300, "2.20", "0", "0.2"),
        (-100, "2.20", "10", "0.3"),
        (0, None, "15", "0.4"),
    )
    (trip,) = trips.closed
    assert (trip.side, trip.quantity, trip.entry) == (Side.SELL, Decimal(300), Decimal("2.20"))
    assert trip.profit == Decimal("14.6")
    assert trips.opening_trades == {"T-0", "T-1"}


def test_a_turned_position_closes_one_trip_and_opens_the_next() -> None:
    trips = folded((100, "10", "0", "1"), (-100, "12", "200", "3"), (0, None, "150", "4"))
    first, second = trips.closed
    assert (first.side, first.profit, first.closed) == (Side.BUY, Decimal(197), 1)
    assert (second.side, second.profit, second.opened) == (Side.SELL, Decimal(-51), 1)
    assert trips.opening_trades == {"T-0", "T-1"}


def test_the_profits_of_all_trips_are_all_that_was_realised() -> None:
    trips = folded(
        (100, "10", "0", "1"), (0, None, "7", "2"), (50, "9", "7", "3"), (0, None, "1", "4")
    )
    assert sum(trip.profit for trip in trips.closed) == Decimal(1) - Decimal(4)


def test_an_open_position_is_no_trip_yet() -> None:
    assert folded((100, "10", "0", "1")).closed == []
