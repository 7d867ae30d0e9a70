from decimal import Decimal
from hashlib import blake2b

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.chain import NEW
from events.codecs.json import decode_step, encode_step
from events.decisions import DecisionHash, decisions_of
from schemas.envelope import AnyEvent, Step
from schemas.health import HealthReported
from schemas.timer import TimerSet
from tests.support.payloads import events
from tests.support.steps import bar, event, signal, step_at

STEP = step_at(NEW)
SIGNAL = STEP.outputs[0]
HEALTH = event(0, HealthReported(component="feed", healthy=True, measurements={"lag_ms": 3.5}))


def hash_of(*steps: Step) -> str:
    running = DecisionHash()
    for step in steps:
        running.update(step)
    return running.hexdigest()


def with_outputs(*outputs: AnyEvent) -> Step:
    return msgspec.structs.replace(STEP, outputs=outputs)


def test_counts_decisions_and_no_facts() -> None:
    running = DecisionHash()
    running.update(with_outputs(SIGNAL, HEALTH, SIGNAL))
    running.update(with_outputs())
    assert running.count == 2


def test_the_hash_is_over_a_line_a_decision_and_never_changes_between_releases() -> None:
    timer = event(0, TimerSet(name="session end", at=17), cause="fxcm-eurusd:41")
    line = b'["strategies.ema_cross","timer.set","fxcm-eurusd:41",{"name":"session end","at":17}]\n'
    assert hash_of(with_outputs(timer)) == blake2b(line, digest_size=16).hexdigest()


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 7},
        {"epoch": 9},
        {"prev_hash": "f" * 32},
        {"run": "another run"},
        {"ts_recorded": 5},
        {"trace": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
        {"slices": ()},
        {"input": event(0, bar(5), author="clock")},
        {"outputs": (SIGNAL, HEALTH)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_is_no_decision_does_not_enter(changes: dict[str, object]) -> None:
    assert hash_of(msgspec.structs.replace(STEP, **changes)) == hash_of(STEP)


@pytest.mark.parametrize(
    "changes",
    [
        {"author": "strategies.another"},
        {"cause": "another cause"},
        {"payload": msgspec.structs.replace(signal(0), quantity=Decimal("1.0"))},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_another_author_cause_or_payload_is_another_decision(changes: dict[str, object]) -> None:
    changed = msgspec.structs.replace(SIGNAL, **changes)
    assert hash_of(with_outputs(changed)) != hash_of(STEP)


def test_a_decision_keeps_its_hash_under_another_id_and_time_of_recording() -> None:
    again = msgspec.structs.replace(SIGNAL, id="another", ts_recorded=5)
    assert hash_of(with_outputs(again)) == hash_of(STEP)


def test_a_decision_that_is_an_input_counts_as_one() -> None:
    commanded = msgspec.structs.replace(STEP, input=SIGNAL, outputs=())
    assert hash_of(commanded) == hash_of(STEP)


def test_order_and_number_of_decisions_matter() -> None:
    other = event(1, signal(1))
    hashes = {
        hash_of(with_outputs(*outputs))
        for outputs in ((), (SIGNAL,), (SIGNAL, SIGNAL), (SIGNAL, other), (other, SIGNAL))
    }
    assert len(hashes) == 5


@given(st.lists(events(), max_size=6), st.data())
def test_how_decisions_were_cut_into_steps_does_not_matter(
    outputs: list[AnyEvent], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(outputs)))
    parts = (with_outputs(*outputs[:cut]), with_outputs(*outputs[cut:]))
    assert hash_of(*parts) == hash_of(with_outputs(*outputs))


@given(st.lists(events(), max_size=4))
def test_a_stored_step_has_the_hash_that_it_had_before(outputs: list[AnyEvent]) -> None:
    step = with_outputs(*outputs)
    assert hash_of(decode_step(encode_step(step))) == hash_of(step)


def test_a_decision_knows_its_step_and_its_place_there() -> None:
    second = msgspec.structs.replace(with_outputs(HEALTH, SIGNAL), seq=1)
    assert [(found.seq, found.index) for found in decisions_of([STEP, second])] == [(0, 1), (1, 2)]
