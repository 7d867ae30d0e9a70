from decimal import Decimal

import msgspec
import pytest

from events.backends.memory.journal import MemoryJournal
from events.codecs.json import decode_step
from events.replay import Difference, FieldDifference, Verdict, compare
from schemas.envelope import AnyEvent, Step
from schemas.order import Check, OrderApproved, OrderRequested, Side, Ticket
from tests.support.steps import append_steps, event, signal

TICKET = Ticket(
    client_order_id="1",
    strategy="strategies.ema_cross",
    instrument="EUR/USD.FXCM",
    side=Side.BUY,
    quantity=Decimal(1000),
)


@pytest.fixture
def recorded() -> list[Step]:
    """Five steps, each with one decision, as a journal gives them back."""
    journal = MemoryJournal()
    with journal.open() as writer:
        append_steps(writer, 5)
    return [decode_step(record.body) for record in journal.records()]


def with_signal(steps: list[Step], seq: int, *outputs: AnyEvent) -> list[Step]:
    """The steps, with other outputs in one of them."""
    changed = msgspec.structs.replace(steps[seq], outputs=outputs)
    return [*steps[:seq], changed, *steps[seq + 1 :]]


def difference(verdict: Verdict) -> Difference:
    assert not verdict.identical
    assert verdict.first_difference is not None
    return verdict.first_difference


def test_a_run_is_identical_to_itself(recorded: list[Step]) -> None:
    assert compare(recorded, recorded) == Verdict(
        identical=True, decisions=5, first_difference=None
    )


def test_two_runs_without_decisions_are_identical() -> None:
    assert compare([], []).identical


def test_numbers_epochs_and_times_of_recording_may_differ(recorded: list[Step]) -> None:
    again = [
        msgspec.structs.replace(
            step,
            seq=step.seq + 1,
            epoch=2,
            outputs=tuple(msgspec.structs.replace(o, ts_recorded=0) for o in step.outputs),
        )
        for step in recorded
    ]
    assert compare(recorded, again).identical


def test_steps_may_be_cut_differently(recorded: list[Step]) -> None:
    outputs = tuple(output for step in recorded for output in step.outputs)
    in_one = msgspec.structs.replace(recorded[0], outputs=outputs)
    assert compare(recorded, [in_one]).identical


def test_shows_the_first_decision_that_differs_and_how(recorded: list[Step]) -> None:
    was = recorded[3].outputs[0]
    now = msgspec.structs.replace(was, payload=signal(42))

    verdict = compare(recorded, with_signal(recorded, 3, now))

    assert verdict.decisions == 3
    assert difference(verdict) == Difference(
        seq=3,
        index=1,
        recorded=was,
        recomputed=now,
        fields=(FieldDifference("payload.reason.close_ticks", "3", "42"),),
    )


def test_a_decision_at_another_moment_is_another_decision(recorded: list[Step]) -> None:
    was = recorded[2].outputs[0]
    later = msgspec.structs.replace(was, ts=was.ts + 1)

    fields = difference(compare(recorded, with_signal(recorded, 2, later))).fields

    assert fields == (FieldDifference("ts", str(was.ts), str(was.ts + 1)),)


def test_a_decision_for_another_reason_is_another_decision(recorded: list[Step]) -> None:
    was = recorded[2].outputs[0]
    elsewhere = msgspec.structs.replace(was, cause="another bar", author="strategies.another")

    fields = difference(compare(recorded, with_signal(recorded, 2, elsewhere))).fields

    assert [field.name for field in fields] == ["author", "cause"]


def test_a_price_that_prints_differently_is_told_although_it_is_worth_the_same(
    recorded: list[Step],
) -> None:
    was = event(2, OrderRequested(ticket=TICKET))
    rescaled = msgspec.structs.replace(TICKET, quantity=Decimal("1000.0"))
    now = event(2, OrderRequested(ticket=rescaled))

    verdict = compare(with_signal(recorded, 2, was), with_signal(recorded, 2, now))

    assert difference(verdict).fields == (
        FieldDifference("payload.ticket.quantity", '"1000"', '"1000.0"'),
    )


def test_a_value_deep_in_a_list_is_named_by_its_path(recorded: list[Step]) -> None:
    first, second = Check("notional", "100000", "50000"), Check("rate", "10", "3")
    was = event(2, OrderApproved(ticket=TICKET, checks=(first, second)))
    again = msgspec.structs.replace(second, value="4")
    now = event(2, OrderApproved(ticket=TICKET, checks=(first, again)))

    verdict = compare(with_signal(recorded, 2, was), with_signal(recorded, 2, now))

    assert difference(verdict).fields == (FieldDifference("payload.checks.1.value", '"3"', '"4"'),)


def test_another_kind_of_decision_shows_what_only_one_side_has(recorded: list[Step]) -> None:
    was = recorded[1].outputs[0]
    now = event(1, OrderRequested(ticket=TICKET), cause=was.cause)

    found = difference(compare(recorded, with_signal(recorded, 1, now)))

    fields = {field.name: (field.recorded, field.recomputed) for field in found.fields}

    assert fields["kind"] == ('"signal.raised"', '"order.requested"')
    assert fields["payload.direction"] == ('"long"', None)
    assert fields["payload.ticket.side"] == (None, '"buy"')


def test_a_decision_that_was_not_made_again_is_missing(recorded: list[Step]) -> None:
    found = difference(compare(recorded, recorded[:4]))
    assert (found.seq, found.index) == (4, 1)
    assert found.recorded == recorded[4].outputs[0]
    assert (found.recomputed, found.fields) == (None, ())


def test_a_decision_that_was_never_recorded_is_too_many(recorded: list[Step]) -> None:
    found = difference(compare(recorded[:4], recorded))
    assert (found.seq, found.index) == (4, 1)
    assert found.recomputed == recorded[4].outputs[0]
    assert (found.recorded, found.fields) == (None, ())


def test_reads_no_further_than_the_first_difference(recorded: list[Step]) -> None:
    changed = iter(with_signal(recorded, 1))
    assert not compare(recorded, changed).identical
    assert [step.seq for step in changed] == [3, 4]
