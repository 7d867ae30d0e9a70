from decimal import Decimal

import pytest

from actors.portfolio.prices import Mark, Marks, marked
from schemas.envelope import Event
from schemas.market import PriceType, Trade
from schemas.registry import Payload
from tests.support.trading import EURUSD, bar, fill, quote, ticket

BID, ASK, MID, LAST = PriceType.BID, PriceType.ASK, PriceType.MID, PriceType.LAST


def seen(*told: tuple[int, Payload]) -> Mark:
    marks: Marks = {}
    for ts, payload in told:
        event = Event(
            id="e", author="a", cause="e", correlation="e", ts=ts, ts_recorded=0, payload=payload
        )
        marks = marked(marks, event)
    return marks[EURUSD.id]


def sides(mark: Mark) -> tuple[str, str]:
    return str(mark.bid), str(mark.ask)


def test_a_quote_tells_both_sides() -> None:
    mark = seen((5, quote(EURUSD, "1.1", "1.3")))
    assert (sides(mark), mark.mid, mark.ts) == (("1.1", "1.3"), Decimal("1.2"), 5)


@pytest.mark.parametrize(
    "payload",
    [
        bar(EURUSD, "1.2", price_type=MID),
        bar(EURUSD, "1.2", price_type=LAST),
        fill(ticket(EURUSD, 1), "1.2"),
        Trade(instrument=EURUSD.id, price=Decimal("1.2"), size=Decimal(1)),
    ],
)
def test_a_price_without_sides_stands_for_both(payload: Payload) -> None:
    assert sides(seen((1, quote(EURUSD, "1.1", "1.3")), (2, payload))) == ("1.2", "1.2")


def test_bars_of_both_sides_keep_their_spread() -> None:
    mark = seen(
        (60, bar(EURUSD, "1.1", price_type=BID, ts_open=0, ts_close=60)),
        (60, bar(EURUSD, "1.3", price_type=ASK, ts_open=0, ts_close=60)),
        (120, bar(EURUSD, "1.0", price_type=BID, ts_open=60, ts_close=120)),
    )
    assert sides(mark) == ("1.0", "1.3")


@pytest.mark.parametrize("side", [BID, ASK])
def test_bars_of_one_side_alone_never_leave_the_other_behind(side: PriceType) -> None:
    mark = seen(
        (30, quote(EURUSD, "1.1", "1.3")),
        (60, bar(EURUSD, "1.1", price_type=side, ts_open=0, ts_close=60)),
        (120, bar(EURUSD, "0.9", price_type=side, ts_open=60, ts_close=120)),
    )
    assert sides(mark) == ("0.9", "0.9")


def test_a_long_closes_at_the_bid_and_a_short_at_the_ask() -> None:
    mark = seen((5, quote(EURUSD, "1.1", "1.3")))
    assert (mark.closing(Decimal(1)), mark.closing(Decimal(-1))) == (Decimal("1.1"), Decimal("1.3"))
