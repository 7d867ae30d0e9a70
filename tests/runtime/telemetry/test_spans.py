"""A span says where its event stands, who said it, how long it waited and how long it took."""

from msgspec.structs import replace

from events.spans import SpanKind
from runtime.telemetry.config import Watched
from runtime.telemetry.spans import SpanMaker
from runtime.telemetry.taken import Performed, Taken
from schemas.trace_context import span_id, trace_id
from tests.actors.kit.cells import event, observation
from tests.runtime.telemetry.steps import ORDER, SIGNAL, step
from tests.support.handmade import answer

MAKER = SpanMaker(Watched(cell="main", run="r", host="h"))
GIVEN = event(observation("a"), "a", ts=77)
RAISED = answer("strategy", GIVEN, SIGNAL)
ASKED = answer("sizing", RAISED, ORDER)

TAKEN = Taken(
    step=step(GIVEN, (RAISED, ASKED), seq=4, recorded=1_000_000),
    kept=True,
    answered={("strategy", "a"): (5_100, 5_300), ("sizing", RAISED.id): (5_350, 5_360)},
    posted=990_000,
    appending=5_400,
    appended=6_000,
    wall=1_001_000,
)
"""Tick 5,000 is the moment of recording: tick 6,000 was 1,000 ns behind it."""


def test_a_step_is_a_tree_of_spans_below_its_input() -> None:
    spans = list(MAKER.of_step(TAKEN))
    trace = trace_id("main", "r", "a")
    assert {span.trace for span in spans} == {trace}
    assert [span.name for span in spans] == [
        "market.observation",
        "signal.raised",
        "order.requested",
    ]
    ids = [span_id(trace, each) for each in ("a", RAISED.id, ASKED.id)]
    assert [span.id for span in spans] == ids
    assert [span.parent for span in spans] == ["", *ids[:2]]
    assert [span.kind for span in spans] == [SpanKind.CONSUMER, *[SpanKind.INTERNAL] * 2]


def test_times_are_the_clocks_and_queue_and_handling_are_told_apart() -> None:
    spans = list(MAKER.of_step(TAKEN))
    assert [(span.start, span.end) for span in spans] == [
        (1_000_000, 1_001_000),
        (1_000_100, 1_000_300),
        (1_000_350, 1_000_360),
    ]
    handling = [span.attributes["wakeline.handling_ns"] for span in spans]
    assert handling == [1_000, 200, 10]
    # Since it was posted; since it was taken; since the signal had been said.
    assert [span.attributes["wakeline.queue_ns"] for span in spans] == [10_000, 100, 50]
    assert spans[0].attributes["wakeline.append_ns"] == 600


def test_a_span_names_its_position_author_kind_and_market_time() -> None:
    span = list(MAKER.of_step(TAKEN))[1]
    assert span.attributes == {
        "wakeline.author": "strategy",
        "wakeline.kind": "signal.raised",
        "wakeline.event": RAISED.id,
        "wakeline.cause": "a",
        "wakeline.correlation": "a",
        "wakeline.ts": 77,
        "wakeline.instrument": "EUR/USD.FXCM",
        "wakeline.position": "r:4.1",
        "wakeline.seq": 4,
        "wakeline.index": 1,
        "wakeline.handling_ns": 200,
        "wakeline.queue_ns": 100,
    }
    assert span.resource["wakeline.run"] == "r"


def test_an_input_that_was_not_posted_says_nothing_of_a_queue() -> None:
    span = next(MAKER.of_step(replace(TAKEN, posted=None)))
    assert "wakeline.queue_ns" not in span.attributes


def test_an_answer_that_nobody_timed_still_has_its_place() -> None:
    spans = list(MAKER.of_step(replace(TAKEN, answered={})))
    assert [(span.start, span.end) for span in spans[1:]] == [(1_000_000, 1_000_000)] * 2


def test_what_a_gateway_does_is_below_the_request_that_asked_for_it() -> None:
    performed = Performed(
        gateway="Venue",
        id=ASKED.id,
        correlation="a",
        kind="order.approved",
        again=False,
        start=10,
        end=30,
    )
    span, again = (MAKER.of_request(replace(performed, again=each)) for each in (False, True))
    assert (span.name, span.kind) == ("perform order.approved", SpanKind.CLIENT)
    assert (span.trace, span.parent) == (trace_id("main", "r", "a"), span_id(span.trace, ASKED.id))
    assert (span.start, span.end) == (10, 30)
    assert span.id != again.id
