"""Booked trades: remembered long enough to see a repeat, and not for ever."""

from actors.portfolio.trades import MEMORY, Booked, is_booked, with_trade
from schemas.order import OrderFilled
from tests.support.trading import EURUSD, fill, ticket


def trade(number: int) -> OrderFilled:
    return fill(ticket(EURUSD, 1000), "1.1", trade_id=f"T-{number}")


def test_the_newest_trades_are_remembered_and_the_memory_is_bounded() -> None:
    booked: Booked = {}
    trades = [trade(number) for number in range(3 * MEMORY)]
    for number, done in enumerate(trades):
        booked = with_trade(booked, done)
        newest = trades[max(0, number - MEMORY + 1) : number + 1]
        assert all(is_booked(booked, seen) for seen in newest)
        assert len(booked) < 2 * MEMORY
    assert not is_booked(booked, trades[0])
