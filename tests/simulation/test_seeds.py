"""Two thousand worlds in which everything breaks, and no promise does."""

import pytest

from runtime.hosts.simulated.faults import BOUNDARIES, FAULTS
from runtime.hosts.simulated.sweep import sweep

SEEDS = 2_000
CHUNKS = 8
STRIKES_MIN = 2
"""How often each chunk must see each fault: what stops happening is no longer proved."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_promise_is_broken_whatever_breaks(chunk: int) -> None:
    size = SEEDS // CHUNKS
    found = sweep(range(chunk * size, (chunk + 1) * size))
    assert [f"seed {r.seed}: {r.violation}" for r in found.failed] == []
    assert found.seeds == size
    assert {name for name in FAULTS if found.strikes[name] < STRIKES_MIN} == set()


def test_every_place_to_die_is_named_by_the_program_that_dies() -> None:
    assert {name.partition(".")[0] for name in BOUNDARIES} == {
        "runner",
        "gateway",
        "feed",
        "projector",
    }
