"""The logs on Kafka above a broker that loses answers, one fault at a time."""

from dataclasses import dataclass
from typing import override

import pytest

from actors.kit.reception import Reception
from events.errors import DiskFull, Fenced, LogError, Unreachable
from runtime.hosts.simulated.broker import LossyConnections
from runtime.hosts.simulated.clock import VirtualClock
from runtime.hosts.simulated.faults import Faults, Plan
from runtime.hosts.simulated.logs import BrokerLogs
from runtime.hosts.simulated.scheduler import Scheduler
from runtime.hosts.simulated.trace import Trace
from tests.support.steps import append_steps, event, signal


class Armed(Faults):
    """Strikes once, where a test says."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(0, Plan(delays=True), clock, Trace())
        self.next = ""

    @override
    def strike(self, name: str) -> bool:
        struck = name == self.next
        if struck:
            self.next = ""
        return struck


@dataclass(frozen=True)
class Desk:
    """Logs above a broker, and what goes wrong with it next."""

    logs: BrokerLogs
    faults: Armed
    scheduler: Scheduler

    def steps(self) -> int:
        """How many there are for everybody."""
        return len(list(self.logs.honest.journal.records()))


@pytest.fixture
def desk() -> Desk:
    clock = VirtualClock()
    faults, scheduler = Armed(clock), Scheduler(clock)
    return Desk(BrokerLogs(faults, scheduler, LossyConnections), faults, scheduler)


def test_what_arrives_behind_its_successors_claim_does_not_count(desk: Desk) -> None:
    first = desk.logs.boot().journal.open()
    append_steps(first, 2)
    first.flush()
    desk.faults.next = "broker.late"
    append_steps(first, 1)
    with pytest.raises(Unreachable):
        first.flush()
    second = desk.logs.boot().journal.open()
    assert second.head.next_seq == 2
    append_steps(second, 1, epoch=2)
    second.flush()
    desk.scheduler.run()  # it arrives
    append_steps(second, 1, epoch=2)
    assert second.flush() == 3
    assert desk.steps() == 4


def test_what_arrives_before_its_successors_claim_counts(desk: Desk) -> None:
    first = desk.logs.boot().journal.open()
    desk.faults.next = "broker.late"
    append_steps(first, 1)
    with pytest.raises(Unreachable):
        first.flush()
    assert desk.steps() == 0
    desk.scheduler.run()
    assert desk.logs.boot().journal.open().head.next_seq == 1


@pytest.mark.parametrize(
    ("fault", "error", "stored"),
    [
        ("broker.unreachable", Unreachable, {0}),
        ("broker.full", DiskFull, {0}),
        ("broker.torn_batch", Unreachable, {0, 1, 2}),
        ("broker.unacknowledged", Unreachable, {3}),
    ],
)
def test_what_was_not_acknowledged_is_found_as_far_as_it_is_there(
    desk: Desk, fault: str, error: type[LogError], stored: set[int]
) -> None:
    writer = desk.logs.boot().journal.open()
    desk.faults.next = fault
    append_steps(writer, 3)
    with pytest.raises(error):
        writer.flush()
    assert desk.steps() in stored
    assert desk.logs.boot().journal.open().head.next_seq == desk.steps()


def test_a_writer_that_was_replaced_and_wakes_is_fenced(desk: Desk) -> None:
    zombie = desk.logs.boot().journal.open()
    append_steps(zombie, 1)
    zombie.flush()
    heir = desk.logs.boot().journal.open()
    append_steps(zombie, 1)
    with pytest.raises(Fenced):
        zombie.flush()
    append_steps(heir, 1, epoch=2)
    heir.flush()
    assert desk.steps() == 2


def test_of_two_posts_under_one_number_the_first_counts(desk: Desk) -> None:
    ghost, heir = desk.logs.boot().ingress, desk.logs.boot().ingress
    early, late = (event(number, signal(number)) for number in (1, 2))
    desk.faults.next = "broker.late"
    with pytest.raises(Unreachable):
        ghost.post("gateway", 0, late)
    assert heir.next_number("gateway") == 0
    heir.post("gateway", 0, early)
    desk.scheduler.run()
    reception = Reception(desk.logs.boot().ingress)
    assert [posted.event for posted in reception.poll(10)] == [early]
    heir.post("gateway", 1, late)
    assert [posted.event for posted in reception.poll(10)] == [late]


def test_a_tail_that_does_not_ask_gets_past_a_claim(desk: Desk) -> None:
    tail = desk.logs.boot().journal.tail()
    first = desk.logs.boot().journal.open()
    append_steps(first, 1)
    first.flush()
    second = desk.logs.boot().journal.open()
    assert [record.seq for record in tail.unread()] == [0], "the claim behind it is no step"
    append_steps(second, 2, epoch=2)
    second.flush()
    assert [record.seq for record in tail.unread(asking=False)] == [1, 2]
    assert list(tail.unread(asking=False)) == []
