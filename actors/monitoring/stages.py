"""How long it took from one recorded time to another, counted so that quantiles can be told."""

from collections.abc import Mapping
from typing import Final

import msgspec

from schemas.quantities import Nanoseconds

_US: Final = 1_000
_BITS: Final = 4
"""Bits of a number of microseconds that are kept: a quantile is at most an eighth too long."""


class Stage(msgspec.Struct, frozen=True, gc=False):
    """The delays of one stage.

    Attributes:
        longest: of them all, in nanoseconds.
        counts: how many there were, by the longest that is counted with them, in microseconds.
    """

    longest: Nanoseconds = 0
    counts: Mapping[int, int] = {}

    @property
    def count(self) -> int:
        """How many delays were counted."""
        return sum(self.counts.values())


def with_delay(stage: Stage, delay: Nanoseconds) -> Stage:
    """The stage with one delay more; a clock that was put back makes none shorter than zero."""
    delay = max(delay, 0)
    bucket = _longest_alike(delay // _US)
    counts = {**stage.counts, bucket: stage.counts.get(bucket, 0) + 1}
    return Stage(longest=max(stage.longest, delay), counts=counts)


def quantile(stage: Stage, share: float) -> Nanoseconds:
    """A delay that at least that share of all delays did not exceed; 0 when there was none."""
    wanted, seen = share * stage.count, 0
    for bucket, count in sorted(stage.counts.items()):
        seen += count
        if seen >= wanted:
            return min((bucket + 1) * _US, stage.longest)
    return 0


def _longest_alike(us: int) -> int:
    shift = max(us.bit_length() - _BITS, 0)
    return (((us >> shift) + 1) << shift) - 1
