import json
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.codecs.json import (
    decode_event,
    decode_link,
    decode_payload,
    decode_step,
    digest,
    encode_event,
    encode_payload,
    encode_step,
)
from events.errors import Corrupt
from schemas.envelope import AnyEvent, Origin, Slice, Step
from schemas.health import HealthReported
from schemas.order import OrderSubmitting
from schemas.quantities import Money
from schemas.registry import Payload, UnknownKind
from schemas.signal import SignalRaised
from tests.golden.write import golden_path
from tests.support.payloads import INT64, PAYLOADS, TEXT, events, payloads_of

STEPS = st.builds(
    Step,
    cell=TEXT,
    run=TEXT,
    seq=INT64,
    epoch=INT64,
    prev_hash=TEXT,
    ts=INT64,
    ts_recorded=INT64,
    slices=st.lists(st.builds(Slice, TEXT, INT64, INT64), max_size=2).map(tuple),
    input=events(),
    outputs=st.lists(events(), max_size=3).map(tuple),
    trace=st.none() | TEXT,
    origin=st.none() | st.builds(Origin, INT64, TEXT, INT64),
)


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.KIND)
@settings(max_examples=30)
@given(data=st.data())
def test_every_kind_comes_back_as_it_was_and_is_written_the_same_again(
    payload: type[Payload], data: st.DataObject
) -> None:
    value = data.draw(payloads_of(payload))

    body = encode_payload(value)
    again = decode_payload(payload.KIND, payload.VERSION, body)

    assert again == value
    assert encode_payload(again) == body


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.KIND)
@settings(max_examples=5)
@given(data=st.data())
def test_no_kind_takes_a_field_that_it_does_not_know(
    payload: type[Payload], data: st.DataObject
) -> None:
    fields = json.loads(encode_payload(data.draw(payloads_of(payload))))
    body = json.dumps({**fields, "an unknown field": 1}).encode()

    with pytest.raises(Corrupt, match=r"unknown field"):
        decode_payload(payload.KIND, payload.VERSION, body)


@given(events())
def test_an_event_comes_back_as_it_was(event: AnyEvent) -> None:
    again = decode_event(encode_event(event))
    assert again == event
    assert again.kind == event.kind


@given(STEPS)
def test_a_step_comes_back_as_it_was_and_its_link_is_its_own(step: Step) -> None:
    body = encode_step(step)

    assert decode_step(body) == step
    link = decode_link(body)
    assert (link.seq, link.epoch, link.prev_hash) == (step.seq, step.epoch, step.prev_hash)


@given(STEPS)
def test_a_step_is_written_the_same_again_with_its_place_and_names_first(step: Step) -> None:
    body = encode_step(step)
    assert encode_step(decode_step(body)) == body
    fields = json.loads(body)
    assert list(fields)[:3] == ["cell", "run", "seq"]
    assert list(fields["input"])[:3] == ["id", "kind", "version"]


def test_a_step_with_an_event_of_an_old_version_is_lifted() -> None:
    old = json.loads(golden_path("order.submitting", 1).read_bytes())
    new = json.loads(golden_path("order.cancelled", 1).read_bytes())
    step = {
        "cell": "c",
        "run": "r",
        "seq": 0,
        "epoch": 1,
        "prev_hash": "",
        "ts": 0,
        "ts_recorded": 0,
        "slices": [],
        "input": old,
        "outputs": [new],
    }
    decoded = decode_step(json.dumps(step).encode())
    assert decoded.input == decode_event(json.dumps(old).encode())
    assert decoded.input.payload == OrderSubmitting(
        **old["payload"], attempt=0, holder="", send_by=0
    )
    assert decoded.outputs == (decode_event(json.dumps(new).encode()),)


def test_decimals_are_strings_so_that_no_reader_makes_floats_of_them() -> None:
    assert msgspec.json.encode(Money(Decimal("0.10"), "USD")) == (
        b'{"amount":"0.10","currency":"USD"}'
    )


def test_the_order_in_which_a_map_was_filled_is_not_seen() -> None:
    there = SignalRaised(
        instrument="EUR/USD.FXCM", direction="long", reason={"fast": 1.5, "slow": 1.25}
    )
    back = msgspec.structs.replace(there, reason={"slow": 1.25, "fast": 1.5})
    assert encode_payload(there) == encode_payload(back)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_refuses_a_number_that_could_be_written_and_not_read(number: float) -> None:
    report = HealthReported(component="feed", healthy=True, measurements={"lag_ms": number})
    with pytest.raises(ValueError, match=r"health\.reported: measurements\.lag_ms is -?(nan|inf)"):
        encode_payload(report)


def test_an_event_from_the_future_is_told_from_a_damaged_one(bar_closed: bytes) -> None:
    with pytest.raises(UnknownKind, match=r"market\.bar version 99"):
        decode_event(bar_closed.replace(b'"version":1', b'"version":99'))
    with pytest.raises(UnknownKind, match=r"market\.beer \(no such kind\)"):
        decode_event(bar_closed.replace(b"market.bar", b"market.beer"))


@pytest.fixture
def bar_closed() -> bytes:
    return msgspec.json.format(golden_path("market.bar", 1).read_bytes(), indent=-1)


def test_a_damaged_event_is_corrupt(bar_closed: bytes) -> None:
    for damaged in (
        bar_closed[:-1],
        bar_closed.replace(b'"open":', b'"opened":'),
        bar_closed.replace(b'"1.39263"', b'"a price"'),
        bar_closed.replace(b'"cause":', b'"course":'),
        b"\xff\xfe",
        b"",
    ):
        with pytest.raises(Corrupt):
            decode_event(damaged)


def test_bytes_that_are_no_step_are_corrupt() -> None:
    for body in (b"", b"{}", b"[]", b'{"seq": "first"}'):
        with pytest.raises(Corrupt, match="not a step"):
            decode_step(body)
        with pytest.raises(Corrupt, match="not a step"):
            decode_link(body)


def test_the_digest_is_blake2b_of_128_bits() -> None:
    assert digest(b"") == "cae66941d9efbd404e4d88758ea67670"
    assert digest(b"a step") != digest(b"a stop")
