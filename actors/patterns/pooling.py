"""Several opinions about a direction as one: a linear pool (Stone 1961)."""

from collections.abc import Mapping, Sequence
from typing import Final, get_args

from schemas.pattern import Direction

DIRECTIONS: Final[tuple[Direction, ...]] = get_args(Direction.__value__)


def pooled(opinions: Sequence[tuple[Direction, float]]) -> Mapping[Direction, float]:
    """Probability of each direction: the mean over opinions, at least one, of which each gives its
    confidence to its own direction and the rest in equal parts to the other two.
    """
    pool = dict.fromkeys(DIRECTIONS, 0.0)
    for own, confidence in opinions:
        for direction in DIRECTIONS:
            pool[direction] += confidence if direction == own else (1 - confidence) / 2
    return {direction: total / len(opinions) for direction, total in pool.items()}
