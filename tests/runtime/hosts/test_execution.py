"""Orders that leave the cell: gateway and exchange killed, stopped and replaced, on every host."""

import os
import signal
from collections import Counter
from decimal import Decimal

import msgspec
import pytest

from events.codecs.json import decode_step
from runtime.programs.specs import ExecutionSpec
from runtime.replaying import verify
from runtime.topology import ExchangeConfig, ExecutionConfig, Topology
from schemas.envelope import Step, carries
from schemas.order import OrderApproved, OrderFilled, OrderSubmitting, VenueAnswer
from schemas.position import PositionChanged
from tests.runtime.hosts.conftest import Build
from tests.runtime.hosts.systems import CARE, System, paced, topology

pytestmark = [
    pytest.mark.xdist_group("hosts"),
    pytest.mark.timeout(300),
    pytest.mark.parametrize("host", ["process", "ray"], indirect=True),
]


def sending() -> Topology:
    """The cell of other tests, with a gateway and an exchange beside it. Its hour takes two
    minutes, so that there is something to trade after everybody was replaced.
    """
    whole = topology(pace=30)
    gateway = ExecutionConfig(
        name="desk", exchange="outside", cell="paper", lasts_ms=500, settles_ms=200
    )
    return msgspec.structs.replace(
        whole,
        cells=tuple(cell.sending() for cell in whole.cells),
        exchanges=(ExchangeConfig(name="outside", feeds=("files",)),),
        execution=(gateway,),
    )


def at_the_exchange(built: System) -> list[Step]:
    """What the exchange has recorded."""
    (book,) = (
        each.program.book for each in built.assignments if isinstance(each.program, ExecutionSpec)
    )
    return [decode_step(record.body) for record in built.backend.journal(book).records()]


def orders_in(steps: list[Step]) -> Counter[str]:
    """Client order ids that were approved, by whoever keeps the journal."""
    return Counter(
        event.payload.ticket.client_order_id
        for step in steps
        for event in step.outputs
        if carries(event, OrderApproved)
    )


def fills_in(steps: list[Step]) -> dict[str, OrderFilled]:
    """The trades, by their ids."""
    return {s.input.id: s.input.payload for s in steps if carries(s.input, OrderFilled)}


def check_books(built: System) -> None:
    """No order twice, none without approval, and what the cell holds is what it traded there."""
    inside, outside = built.steps(), at_the_exchange(built)
    arrived = orders_in(outside)
    assert arrived, "nothing was sent"
    assert set(arrived.values()) == {1}
    assert arrived.keys() <= orders_in(inside).keys()
    exchange = built.actor("outside").program
    assert exchange is not None
    assert exchange.counters["twice"] == 0
    fills, trades = fills_in(inside), fills_in(outside)
    assert {name: trades[name].quantity for name in fills} == {
        name: fill.quantity for name, fill in fills.items()
    }
    held = {
        event.payload.strategy: event.payload.quantity
        for step in inside
        for event in step.outputs
        if carries(event, PositionChanged)
    }
    traded: dict[str, Decimal] = {}
    for fill in fills.values():
        signed = fill.quantity * fill.side.sign
        traded[fill.strategy] = traded.get(fill.strategy, Decimal(0)) + signed
    assert held == traded
    assert verify(built.home, built.home.run_dir(built.run)).verdict.identical


def answers(built: System) -> int:
    """How much the cell has heard of the exchange."""
    return sum(isinstance(step.input.payload, VenueAnswer) for step in built.steps())


def await_more(built: System) -> None:
    """Until the cell has heard more of it."""
    before = answers(built)
    built.turned_until(lambda: answers(built) > before + 3)


def test_kill_9_of_gateway_exchange_and_cell_sends_nothing_twice(system: Build) -> None:
    built = system(sending())
    built.supervisor.launch()
    for victim in ("desk", "outside", "paper", "desk"):
        await_more(built)
        built.kill(victim)
    await_more(built)
    built.end()
    check_books(built)
    holders = {
        step.input.payload.holder for step in built.steps() if carries(step.input, OrderSubmitting)
    }
    assert len(holders) > 1, "more than one incarnation sent"


def test_a_stopped_gateway_is_replaced_and_sends_nothing_more(system: Build) -> None:
    built = system(sending(), paced(CARE, timeout_ms=3_000))
    built.supervisor.launch()
    built.turned_until(lambda: answers(built) > 3)
    ghost = built.pid("desk")
    os.kill(ghost, signal.SIGSTOP)
    built.await_replacement("desk", ghost)
    await_more(built)
    built.end()
    check_books(built)
