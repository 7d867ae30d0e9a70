"""Every planted bug is caught, by a checker that is there for it, and can be replayed."""

import pytest

from runtime.hosts.simulated.canaries import PLANTS
from runtime.hosts.simulated.simulation import UNDISTURBED, run
from runtime.hosts.simulated.sweep import sweep

SEEDS_MAX = 200
"""Seeds in which the first failure must come; docs/simulation.md has the measured numbers."""

CAUGHT_BY = {
    "acknowledge-early": {"every answer once", "no order lost"},
    "acknowledge-unsent": {"comes back after a crash", "every row once"},
    "act-before-durable": {"acts only on what is durable"},
    "ask-nothing-again": {"no order lost", "every answer once"},
    "ask-too-early": {"no order twice"},
    "checkpoint-first": {"rows equal the logs"},
    "count-only-steps": {"comes back after a crash"},
    "count-superseded": {"comes back after a crash", "an unbroken chain"},
    "decide-by-mood": {"the same decisions again"},
    "forget-dedup": {"every answer once", "every row once", "no input twice", "no order twice"},
    "forget-ticks": {"every row once"},
    "forget-timers": {"no order lost"},
    "lose-tail": {"acts only on what is durable", "rows equal the logs"},
    "name-no-moment": {"no order twice", "no order lost"},
    "never-reconcile": {"every answer once"},
    "resend-without-asking": {"no order twice", "no order lost"},
    "send-for-others": {"no order twice"},
    "settle-when-announced": {"no order lost", "every answer once"},
}


def test_every_plant_has_a_checker() -> None:
    assert set(CAUGHT_BY) == set(PLANTS)


@pytest.mark.parametrize("plant", sorted(PLANTS))
def test_a_planted_bug_is_caught(plant: str) -> None:
    found = sweep(range(SEEDS_MAX), PLANTS[plant])
    assert found.failed, f"{plant} went unseen for {SEEDS_MAX} seeds"
    violation = found.failed[0].violation
    assert violation is not None
    assert violation.check in CAUGHT_BY[plant] | {UNDISTURBED}


@pytest.mark.parametrize("plant", ["resend-without-asking", "act-before-durable"])
def test_a_planted_bug_is_caught_again_by_its_seed_and_the_same_way(plant: str) -> None:
    first = sweep(range(SEEDS_MAX), PLANTS[plant]).failed[0]
    again = run(first.seed, cast=PLANTS[plant])
    assert str(again.violation) == str(first.violation)
    assert again.trace.lines == first.trace.lines
    assert run(first.seed).violation is None, "the bug is in the plant, not in the seed"
