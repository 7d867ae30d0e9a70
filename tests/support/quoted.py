"""A market made by hand: EURUSD quotes a second apart, and an order sent at a chosen one."""

from collections.abc import Callable, Sequence

import numpy as np

from actors.execution.nautilus.config import VenueConfig
from actors.execution.venue import Subscriptions
from actors.kit.inputs import Input
from schemas.market import MarketSlice, Quote
from schemas.order import Ticket
from tests.support import recorded
from tests.support.venue_driver import Driver, margin

S = 1_000_000_000
T0 = 1_400_000_040 * S
"""A whole minute, 2014-05-13 16:54 UTC."""

type Act = Callable[[Driver, Input], object]

RISING = [139_000 + 10 * step for step in range(40)]
FALLING = [139_000 - 10 * step for step in range(40)]
"""Bids by the second, in units of 0.00001; the ask is two units above."""


def play(
    bids: Sequence[int],
    acts: dict[int, Act],
    venue: VenueConfig | None = None,
    *,
    size: int = 1_000_000,
    step: int = S,
    rows: int = 7,
    before: Sequence[Ticket] = (),
    on: Act | None = None,
    traders: tuple[str, ...] = (),
) -> Driver:
    """Run the quotes, and at the quote of a number (from 0) do what ``acts`` says.

    Orders in ``before`` are sent before the market opens; ``on`` hears whatever is no quote.
    """
    seen = -1

    def react(driver: Driver, given: Input) -> None:
        nonlocal seen
        if isinstance(given.payload, Quote):
            seen += 1
            acts.get(seen, ignore)(driver, given)
        elif on is not None:
            on(driver, given)

    times = T0 + np.arange(len(bids)) * step
    bid = np.array(bids)
    record = recorded.quotes(recorded.EURUSD, "q", times, bid, bid + 2, size)
    driver = Driver([recorded.EURUSD], [venue or margin(recorded.EURUSD)], react)
    opening = Input(id="o", author="test", cause="o", correlation="o", ts=0, payload=MarketSlice())
    for each in before:
        driver.send(each, opening)
    try:
        return driver.run(recorded.windows([record], rows), watching(traders))
    finally:
        driver.balances = driver.venue.balances()
        driver.venue.close()


def watching(traders: tuple[str, ...] = ()) -> Subscriptions:
    """Every EURUSD quote."""
    return Subscriptions(quotes=frozenset({recorded.EURUSD.id}), traders=traders)


def sending(*tickets: Ticket) -> Act:
    """Send these orders."""

    def act(driver: Driver, given: Input) -> None:
        for each in tickets:
            driver.send(each, given)

    return act


def withdrawing(client_order_id: str) -> Act:
    """Ask for an order's cancellation."""
    return lambda driver, given: driver.withdraw(client_order_id, recorded.EURUSD.id, given)


def ignore(_: Driver, __: Input) -> None:
    """Do nothing."""
