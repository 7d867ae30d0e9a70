"""What goes wrong in a listener or in the data fails the run; Nautilus would log it and go on."""

import gc
import weakref

import numpy as np
import pytest

from actors.execution.nautilus.errors import VenueSetupError
from actors.execution.nautilus.tape import OutOfOrder
from actors.execution.venue import Window
from actors.kit.inputs import Input
from events.batches import MarketRecord
from schemas.market import Quote
from schemas.order import OrderFilled
from tests.support import recorded
from tests.support.quoted import RISING, T0, S, play, watching
from tests.support.venue_driver import Driver, margin, minutes, ticket


class Planted(Exception):
    """Raised by a test's own listener."""


def fail(_: Driver, given: Input) -> None:
    raise Planted(given.id)


def quotes(seconds: list[int], first: int = 0) -> Window:
    times = T0 + np.array(seconds) * S
    bid = 139_000 + np.array(seconds)
    whole = recorded.quotes(recorded.EURUSD, "q", times, bid, bid + 2)
    moved = MarketRecord(
        source="q", first=first, kind=whole.kind, terms=whole.terms, batch=whole.batch
    )
    return Window(records=(moved,), ts_end=int(times.max()) + 1)


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_an_exception_in_the_listener_comes_out_of_advance(rows: int) -> None:
    with pytest.raises(Planted, match="q:5"):
        play(RISING, {5: fail}, rows=rows)


def test_an_exception_in_a_nested_answer_fails_the_run_too() -> None:
    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)], react_to_fill)
    with pytest.raises(Planted):
        driver.run([quotes([1, 2, 3])], watching())
    driver.venue.close()


def react_to_fill(driver: Driver, given: Input) -> None:
    if isinstance(given.payload, Quote) and given.id == "q:1":
        driver.send(ticket(recorded.EURUSD), given)
    if isinstance(given.payload, OrderFilled):
        raise Planted(given.id)


def test_an_interrupt_is_not_swallowed() -> None:
    def interrupted(_: Driver, __: Input) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(RISING, {3: interrupted})


def test_after_a_failure_nothing_is_heard_and_everything_fails_again() -> None:
    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)], fail)
    driver.venue.start(watching(), driver.hear)
    with pytest.raises(Planted, match="q:0"):
        driver.venue.advance(quotes([1, 2, 3]))
    with pytest.raises(Planted, match="q:0"):
        driver.venue.advance(quotes([4, 5], first=3))
    with pytest.raises(Planted, match="q:0"):
        driver.venue.finish()
    assert len(driver.said) == 1
    driver.venue.close()


def test_the_listener_is_never_called_while_it_is_busy() -> None:
    depth = 0

    def watch(driver: Driver, given: Input) -> None:
        nonlocal depth
        assert depth == 0
        depth += 1
        if given.id in {"q:1", "q:3"}:
            driver.send(ticket(recorded.EURUSD, number=int(given.id[-1])), given)
            driver.send(ticket(recorded.EURUSD, quantity="0", number=9), given)
        depth -= 1

    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)], watch)
    driver.run([quotes([1, 2, 3, 4, 5])], watching())
    driver.venue.close()
    assert len(driver.of(OrderFilled)) == 2
    assert driver.kinds("O-9") == ["order.rejected"]


def test_an_order_sent_between_windows_is_answered_in_the_next_one() -> None:
    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)])
    driver.venue.start(watching(), driver.hear)
    driver.venue.advance(quotes([1, 2]))
    heard = len(driver.said)
    driver.send(ticket(recorded.EURUSD), driver.said[-1])
    driver.send(ticket(recorded.EURUSD, quantity="0", number=2), driver.said[-1])
    assert len(driver.said) == heard
    driver.venue.advance(quotes([3, 4], first=2))
    driver.venue.finish()
    driver.venue.close()
    assert driver.fills("O-1") == [(T0 + 3 * S, "1.39005", "1000")]
    assert driver.kinds("O-2") == ["order.rejected"]


def test_an_order_sent_before_the_market_opens_meets_its_first_tick() -> None:
    told = play(RISING, {}, before=[ticket(recorded.EURUSD)])
    assert told.fills("O-1") == [(T0, "1.39002", "1000")]


@pytest.mark.parametrize("seconds", [[[1, 2], [2, 3]], [[1, 5], [3, 4]], [[1, 3, 2, 4]]], ids=str)
def test_refuses_a_market_that_goes_back_in_time(seconds: list[list[int]]) -> None:
    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)])
    driver.venue.start(watching(), driver.hear)
    windows = [quotes(each, first=10 * number) for number, each in enumerate(seconds)]
    for window in windows[:-1]:
        driver.venue.advance(window)
    with pytest.raises(OutOfOrder, match=r"^q:\d+ is at"):
        driver.venue.advance(windows[-1])
    driver.venue.close()


def test_refuses_records_that_the_venue_cannot_read() -> None:
    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)])
    driver.venue.start(watching(), driver.hear)
    foreign = recorded.windows([recorded.head(recorded.oanda_ticks(), 5)], 5)[0]
    with pytest.raises(VenueSetupError, match=r"no instrument EUR/USD\.OANDA"):
        driver.venue.advance(foreign)
    driver.venue.close()


def test_finishing_or_closing_an_idle_venue_is_no_error() -> None:
    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)])
    driver.run([], minutes(recorded.EURUSD))
    assert driver.said == []
    driver.venue.close()
    driver.venue.close()


def test_a_closed_venue_goes_with_its_last_reference_and_leaves_nothing_to_a_collector() -> None:
    def order(driver: Driver, given: Input) -> None:
        if given.id == "q:0":
            driver.send(ticket(recorded.EURUSD, number=1), given)

    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)], order)
    driver.run([quotes([1, 2, 3])], watching())
    driver.send(ticket(recorded.EURUSD, number=2), driver.said[-1])  # too late, and never sent
    venue = weakref.ref(driver.venue)
    gc.disable()
    try:
        driver.venue.close()
        del driver
        assert venue() is None
    finally:
        gc.enable()


def test_an_order_can_be_sent_from_the_fill_of_another() -> None:
    def chain(driver: Driver, given: Input) -> None:
        if given.id == "q:0":
            driver.send(ticket(recorded.EURUSD, number=1), given)
        if isinstance(given.payload, OrderFilled) and given.payload.client_order_id == "O-1":
            driver.send(ticket(recorded.EURUSD, number=2), given)

    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)], chain)
    driver.run([quotes([1, 2, 3])], watching())
    driver.venue.close()
    assert driver.kinds("O-2") == ["order.submitted", "order.filled"]
