"""Which requests are still owed an answer."""

from decimal import Decimal

import pytest

from actors.kit.gateway import Outbox
from events.backends.memory.journal import MemoryJournal
from events.journal import Head
from schemas.envelope import AnyEvent, Step
from schemas.order import (
    Check,
    OrderAccepted,
    OrderApproved,
    OrderRejected,
    OrderSubmitting,
    OrderType,
    OrderUnknown,
    Side,
    Ticket,
)
from schemas.pattern import PatternAbstained
from schemas.registry import Payload
from tests.actors.kit.cells import Remembering, asked, event, observation

HEAD = Head(next_seq=0, prev_hash="0" * 32, epoch=0)
ANSWER = PatternAbstained(request="r", instrument="i", interval="1m", recogniser="model", reason="")
APPROVED = OrderApproved(
    ticket=Ticket(
        client_order_id="o", strategy="s", instrument="i", side=Side.BUY, quantity=Decimal(1)
    ),
    checks=(Check("r", "1", "0"),),
)


def step(taken: AnyEvent, *outputs: AnyEvent) -> Step:
    return Step(
        cell="c",
        run="r",
        seq=0,
        epoch=1,
        prev_hash=HEAD.prev_hash,
        ts=0,
        ts_recorded=0,
        slices=(),
        input=taken,
        outputs=outputs,
    )


def seen(name: str = "seen") -> AnyEvent:
    return event(observation("x"), name)


def pending(outbox: Outbox) -> list[str]:
    return [request.id for request in outbox.pending()]


@pytest.fixture
def gateway() -> Remembering:
    return Remembering(MemoryJournal(), handles=frozenset({type(asked("i")), OrderApproved}))


def test_requests_come_back_from_the_step_that_holds_them(gateway: Remembering) -> None:
    outbox = Outbox([gateway])
    request, other = event(asked("i"), "request"), event(observation("y"), "other")
    assert outbox.fold(step(seen(), other, request)) == [request]


def test_a_request_is_pending_until_an_answer_names_it_as_its_cause(gateway: Remembering) -> None:
    outbox = Outbox([gateway])
    outbox.fold(step(seen(), event(asked("i"), "first"), event(asked("i"), "second")))
    assert pending(outbox) == ["first", "second"]
    outbox.fold(step(event(ANSWER, "answer", cause="first")))
    assert pending(outbox) == ["second"]


@pytest.mark.parametrize(
    ("word", "left"),
    [
        (OrderSubmitting(client_order_id="o", instrument="i"), ["approval"]),
        (
            OrderUnknown(client_order_id="o", instrument="i", strategy="s", reason="?"),
            ["approval"],
        ),
        (OrderRejected(client_order_id="o", instrument="i", strategy="s", reason="!"), []),
        (
            OrderAccepted(
                client_order_id="o",
                instrument="i",
                strategy="s",
                side=Side.BUY,
                type=OrderType.MARKET,
                quantity=Decimal(1),
            ),
            [],
        ),
    ],
)
def test_an_order_stays_pending_until_somebody_knows_what_became_of_it(
    gateway: Remembering, word: Payload, left: list[str]
) -> None:
    outbox = Outbox([gateway])
    outbox.fold(step(seen(), event(APPROVED, "approval")))
    outbox.fold(step(event(word, "word", cause="approval")))
    assert pending(outbox) == left


def test_a_request_goes_to_every_gateway_that_takes_its_kind(gateway: Remembering) -> None:
    twin = Remembering(MemoryJournal())
    stranger = Remembering(MemoryJournal(), handles=frozenset({OrderSubmitting}))
    Outbox([gateway, twin, stranger]).hand_out(event(asked("i"), "request"), again=True)
    assert [len(each.asked) for each in (gateway, twin, stranger)] == [1, 1, 0]
    assert gateway.instruments == [("i", True)]
