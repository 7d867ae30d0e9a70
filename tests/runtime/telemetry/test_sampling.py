"""A chain in which something was decided is kept, and of the others the share asked for."""

import pytest

from runtime.telemetry.pending import Pending
from runtime.telemetry.sampling import DECISIVE, Sampling
from schemas.order import OrderFilled, OrderVetoed
from schemas.registry import Payload
from schemas.signal import SignalWithheld
from schemas.trace_context import is_within, trace_id
from tests.actors.kit.cells import event, observation
from tests.runtime.telemetry.steps import ORDER, REQUEST, SIGNAL, seen, step, taken


def test_signals_vetoes_orders_and_fills_are_decisions() -> None:
    assert {type(SIGNAL), SignalWithheld, type(ORDER), OrderVetoed, OrderFilled} <= DECISIVE
    assert type(REQUEST) not in DECISIVE


@pytest.mark.parametrize("decision", [SIGNAL, ORDER])
def test_a_chain_with_a_decision_is_kept_although_no_share_is(decision: Payload) -> None:
    sampling = Sampling("main", "r", share=0.0)
    assert sampling.keeps(seen("a", REQUEST, decision))
    assert not sampling.keeps(seen("b", REQUEST))
    assert not sampling.keeps(seen("c"))


def test_what_comes_after_a_decision_in_its_chain_is_kept() -> None:
    sampling = Sampling("main", "r", share=0.0)
    assert sampling.keeps(seen("a", SIGNAL))
    later = event(observation("later"), "later", cause="a")
    assert sampling.keeps(step(later))
    assert not sampling.keeps(step(event(observation("x"), "x", cause="b")))


def test_the_share_of_the_rest_is_chosen_by_the_trace() -> None:
    sampling = Sampling("main", "r", share=0.3)
    names = [str(number) for number in range(200)]
    kept = [name for name in names if sampling.keeps(seen(name))]
    assert kept == [name for name in names if is_within(trace_id("main", "r", name), 0.3)]
    assert 30 < len(kept) < 90


def test_all_of_the_rest_is_kept_when_it_is_asked_for() -> None:
    assert Sampling("main", "r", share=1.0).keeps(seen("a"))


def test_the_beginning_of_a_chain_waits_for_its_decision() -> None:
    pending = Pending()
    first, second = taken(seen("a", REQUEST), kept=False), taken(seen("b"), kept=False)
    pending.hold(first)
    pending.hold(second)
    assert pending.release("a") == [first]
    assert pending.release("a") == []
    assert pending.release("b") == [second]


def test_of_too_many_undecided_chains_the_one_that_rested_longest_is_let_go() -> None:
    pending = Pending(chains_max=2)
    held = {name: taken(seen(name), kept=False) for name in "abc"}
    for name in "aba":
        pending.hold(held[name])
    pending.hold(held["c"])
    assert pending.release("b") == []
    assert pending.release("a") == [held["a"], held["a"]]
    assert pending.release("c") == [held["c"]]
