"""Traces and spans are named by what is recorded, in every process alike."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace.sampling import Decision, TraceIdRatioBased

from schemas.identity import tick_id
from schemas.trace_context import (
    NO_PARENT,
    is_within,
    parent_id,
    span_id,
    trace_id,
    traceparent,
)

TEXT = st.text(max_size=20)


@given(TEXT, TEXT, TEXT, TEXT)
def test_a_name_has_the_form_that_w3c_asks_for(cell: str, run: str, chain: str, event: str) -> None:
    trace = trace_id(cell, run, chain)
    header = traceparent(trace, span_id(trace, event), sampled=True)
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", header)
    assert traceparent(trace, span_id(trace, event), sampled=False).endswith("-00")


def test_a_chain_is_another_one_in_another_run_or_cell() -> None:
    names = [("a", "r", "c"), ("a", "r", "d"), ("a", "s", "c"), ("b", "r", "c"), ("a", "rc", "")]
    assert len({trace_id(*name) for name in names}) == len(names)


def test_names_stay_what_they_are() -> None:
    trace = trace_id("main", "ema-cross-c0ffc0ff", "fxcm:1703")
    assert trace == "fb1bbe92f767f7336148a08a443fac87"
    assert span_id(trace, "T-1") == "50579678ed6009b5"


def test_an_answer_is_below_what_it_answers() -> None:
    trace = trace_id("main", "r", "c")
    assert parent_id(trace, "answer", "question") == span_id(trace, "question")


@pytest.mark.parametrize("cause", ["first", tick_id("fxcm", 7)])
def test_a_first_cause_and_the_answer_to_a_tick_are_at_the_top(cause: str) -> None:
    assert parent_id(trace_id("main", "r", "c"), "first", cause) == NO_PARENT


@given(TEXT, st.floats(0, 1))
def test_the_share_is_the_one_that_opentelemetry_samples(chain: str, share: float) -> None:
    trace = trace_id("main", "r", chain)
    sampled = TraceIdRatioBased(share).should_sample(None, int(trace, 16), "x").decision
    assert is_within(trace, share) == (sampled is Decision.RECORD_AND_SAMPLE)


def test_a_share_keeps_about_its_part() -> None:
    kept = sum(is_within(trace_id("main", "r", str(n)), 0.25) for n in range(4_000))
    assert 900 < kept < 1_100
