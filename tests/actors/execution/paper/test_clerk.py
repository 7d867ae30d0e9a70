"""The clerk takes each order once, and none that comes too late."""

import pytest

from actors.execution.paper.clerk import Clerk
from schemas.order import OrderApproved, OrderCancelRequested, OrderSent
from tests.actors.kit.cells import event, observation
from tests.support.exchanges import approval


def sent(name: str, *, arrived: int) -> OrderSent:
    """An order that may come until 100."""
    return OrderSent(ticket=approval(name).payload.ticket, send_by=100, arrived=arrived)


@pytest.fixture
def clerk() -> Clerk:
    return Clerk()


def test_an_order_in_time_goes_to_the_venue_as_it_is(clerk: Clerk) -> None:
    order = sent("o", arrived=100)
    assert clerk.handle(event(order, "a")) == (OrderApproved(ticket=order.ticket, checks=()),)
    assert (clerk.late, clerk.twice) == (0, 0)


def test_a_late_order_is_counted_and_goes_nowhere(clerk: Clerk) -> None:
    assert clerk.handle(event(sent("o", arrived=101), "a")) == ()
    assert (clerk.late, clerk.twice) == (1, 0)


def test_an_order_that_came_late_may_come_again_in_time(clerk: Clerk) -> None:
    clerk.handle(event(sent("o", arrived=101), "a"))
    assert len(clerk.handle(event(sent("o", arrived=50), "b"))) == 1


def test_a_second_order_of_the_same_name_is_counted_and_goes_nowhere(clerk: Clerk) -> None:
    clerk.handle(event(sent("o", arrived=1), "a"))
    assert clerk.handle(event(sent("o", arrived=2), "b")) == ()
    assert (clerk.late, clerk.twice) == (0, 1)


def test_what_was_learned_from_a_record_counts_as_taken(clerk: Clerk) -> None:
    clerk.learn(event(sent("o", arrived=1), "a"))
    assert clerk.handle(event(sent("o", arrived=2), "b")) == ()


def test_a_cancel_is_passed_on_and_nothing_else(clerk: Clerk) -> None:
    cancel = OrderCancelRequested(client_order_id="o", instrument="A.SIM", reason="r")
    assert clerk.handle(event(cancel, "a")) == (cancel,)
    assert clerk.handle(event(observation("x"), "b")) == ()
