"""The gateway: what it sends, when, and what it says; two of them, and one that slept."""

import pytest

from schemas.envelope import carries
from schemas.order import OrderFilled, OrderSubmitting
from schemas.reconciliation import ReconciliationDifference
from tests.actors.execution.desks import Desk
from tests.support.exchanges import accepted, cancelled, filled


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_an_order_is_sent_once_its_announcement_is_recorded(desk: Desk) -> None:
    gateway = desk.gateway()
    desk.approve("o")
    gateway.turn()
    assert desk.exchange.arrivals == [], "the cell has not recorded the announcement"
    desk.runner.turn()
    gateway.turn()
    assert desk.exchange.arrivals == [("o", 1_020)]
    assert desk.recorded == [("o/attempt/0", "order.submitting")]
    desk.work(gateway)
    assert len(desk.exchange.arrivals) == 1


def test_an_announcement_names_who_may_send_and_until_when(desk: Desk) -> None:
    desk.approve("o")
    desk.work(desk.gateway())
    (announced,) = (s.input for s in desk.bench.steps if carries(s.input, OrderSubmitting))
    assert announced.payload == OrderSubmitting(
        client_order_id="o", instrument="A.SIM", attempt=0, holder="gateway/1", send_by=1_020
    )
    request = next(event for step in desk.bench.steps for event in step.outputs)
    assert (announced.cause, announced.correlation) == (request.id, request.correlation)


def test_what_the_exchange_says_is_recorded_in_its_order_with_its_reason(desk: Desk) -> None:
    gateway = desk.gateway()
    desk.approve("o")
    desk.work(gateway)
    desk.exchange.say(accepted("o"))
    desk.exchange.say(filled("o", 10))
    desk.work(gateway)
    assert [kind for _, kind in desk.recorded] == [
        "order.submitting",
        "order.accepted",
        "order.filled",
    ]
    fill = desk.bench.steps[-1].input
    assert carries(fill, OrderFilled)
    request = next(event for step in desk.bench.steps for event in step.outputs)
    assert (fill.cause, fill.author) == (request.id, "venue.SIM")
    assert fill.payload.strategy == "strategy.s"
    assert gateway.open_orders == 0


def test_a_lost_word_is_asked_for_before_the_one_that_closes_the_order(desk: Desk) -> None:
    gateway = desk.gateway()
    desk.approve("o")
    desk.work(gateway)
    desk.exchange.say(accepted("o"), aloud=False)
    desk.exchange.say(filled("o", 3), aloud=False)
    desk.exchange.say(cancelled("o"))
    desk.work(gateway)
    assert [kind for _, kind in desk.recorded[1:]] == [
        "order.accepted",
        "order.filled",
        "order.cancelled",
    ]


def test_of_two_gateways_the_one_whose_announcement_is_recorded_sends(desk: Desk) -> None:
    first, second = desk.gateway(), desk.gateway()
    desk.approve("o")
    for gateway in (second, first):
        gateway.turn()
    desk.runner.turn()
    for gateway in (first, second):
        gateway.turn()
    assert len(desk.exchange.arrivals) == 1
    assert (first.counters["sent"], second.counters["sent"]) == (0, 1)


def test_the_next_gateway_waits_until_the_right_is_over_and_asks(desk: Desk) -> None:
    dead = desk.gateway()
    desk.approve("o")
    dead.turn()
    desk.runner.turn()
    heir = desk.gateway()
    desk.now = 1_030
    desk.work(heir)
    assert (desk.exchange.asked, desk.exchange.arrivals) == ([], [])
    assert heir.wakes == 1_031
    desk.now = 1_031
    desk.work(heir)
    assert desk.exchange.asked == ["o"]
    assert desk.exchange.arrivals == [("o", 1_051)]
    assert desk.recorded[-1] == ("o/attempt/1", "order.submitting")


def test_what_the_dead_gateway_had_sent_is_not_sent_again(desk: Desk) -> None:
    dead = desk.gateway()
    desk.approve("o")
    desk.work(dead)
    desk.exchange.say(accepted("o"), aloud=False)
    desk.now = 1_031
    heir = desk.gateway()
    desk.work(heir)
    assert len(desk.exchange.arrivals) == 1
    assert [kind for _, kind in desk.recorded] == ["order.submitting", "order.accepted"]


def test_a_gateway_that_slept_past_its_right_sends_nothing(desk: Desk) -> None:
    sleeper = desk.gateway()
    desk.approve("o")
    sleeper.turn()
    desk.runner.turn()
    sleeper.listen()
    desk.now = 1_021
    sleeper.act()
    assert desk.exchange.arrivals == []
    desk.now = 1_031
    desk.work(sleeper)
    assert desk.exchange.arrivals == [("o", 1_051)], "it may try again like anybody else"


def test_no_reply_is_said_and_settled_by_asking(desk: Desk) -> None:
    gateway = desk.gateway()
    desk.exchange.silent = True
    desk.approve("o")
    desk.work(gateway)
    assert desk.recorded[-1] == ("o/unknown/0", "order.unknown")
    desk.now = 1_031
    desk.work(gateway)
    assert desk.recorded[-1] == ("o/unknown/0", "order.unknown"), "it could not be asked"
    desk.exchange.silent = False
    desk.now += 99
    desk.work(gateway)
    assert desk.exchange.arrivals == []
    desk.now += 1
    desk.work(gateway)
    assert desk.exchange.arrivals == [("o", 1_151)]
    assert gateway.counters["no_reply"] == 2


def test_an_order_that_is_withdrawn_before_it_is_sent_is_closed_instead(desk: Desk) -> None:
    gateway = desk.gateway()
    desk.approve("o")
    desk.withdraw("o")
    desk.work(gateway)
    assert desk.recorded == [("o/attempt/0", "order.cancelled")]
    assert (desk.exchange.arrivals, gateway.open_orders) == ([], 0)


def test_an_order_that_is_too_old_is_not_sent(desk: Desk) -> None:
    desk.approve("o", valid_until=-1)
    desk.work(desk.gateway())
    assert desk.recorded == [("o/attempt/0", "order.expired")]
    assert desk.exchange.arrivals == []


def test_a_withdrawal_and_an_announcement_of_two_gateways_exclude_each_other(desk: Desk) -> None:
    quick, slow = desk.gateway(), desk.gateway()
    desk.approve("o")
    quick.turn()
    desk.withdraw("o")
    slow.turn()
    desk.work(quick, slow)
    assert desk.recorded == [("o/attempt/0", "order.submitting")]
    assert len(desk.exchange.arrivals) == 1
    desk.exchange.say(accepted("o"))
    desk.work(quick, slow)
    assert set(desk.exchange.cancels) == {"o"}


def test_a_working_order_is_withdrawn_once_it_is_known(desk: Desk) -> None:
    gateway = desk.gateway()
    desk.approve("o")
    desk.work(gateway)
    desk.exchange.say(accepted("o"))
    desk.withdraw("o")
    desk.work(gateway)
    assert desk.exchange.cancels == ["o"]


def test_a_new_gateway_asks_about_all_that_works_and_withdraws_again(desk: Desk) -> None:
    gateway = desk.gateway()
    desk.approve("o")
    desk.work(gateway)
    desk.exchange.say(accepted("o"))
    desk.work(gateway)
    desk.withdraw("o")
    desk.exchange.say(filled("o", 4), aloud=False)
    heir = desk.gateway()
    desk.work(heir)
    assert desk.recorded[-1][1] == "order.filled"
    assert desk.exchange.cancels == ["o"]


def test_an_order_that_works_is_asked_about_from_time_to_time(desk: Desk) -> None:
    gateway = desk.gateway()
    desk.approve("o")
    desk.work(gateway)
    desk.exchange.say(accepted("o"))
    desk.work(gateway)
    asked = len(desk.exchange.asked)
    desk.exchange.say(filled("o", 4), aloud=False)
    desk.now += 99
    desk.work(gateway)
    assert len(desk.exchange.asked) == asked
    desk.now += 1
    desk.work(gateway)
    assert desk.recorded[-1][1] == "order.filled"


def test_a_word_about_a_closed_order_is_still_recorded(desk: Desk) -> None:
    gateway = desk.gateway()
    desk.approve("o")
    desk.work(gateway)
    desk.exchange.say(accepted("o"))
    desk.exchange.say(cancelled("o"))
    desk.work(gateway)
    desk.exchange.say(filled("o", 2))
    desk.work(gateway)
    assert [kind for _, kind in desk.recorded[-2:]] == ["order.cancelled", "order.filled"]


def test_an_order_that_nobody_here_sent_is_a_difference(desk: Desk) -> None:
    gateway = desk.gateway()
    desk.exchange.say(accepted("by-hand"))
    desk.work(gateway)
    (difference,) = (
        s.input for s in desk.bench.steps if carries(s.input, ReconciliationDifference)
    )
    assert difference.payload == ReconciliationDifference(
        subject="order by-hand", instrument="A.SIM", ours="none", theirs="order.accepted"
    )
    assert gateway.counters["foreign"] == 1
