"""The parameters among which a search looks."""

import math
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from heapq import nsmallest
from itertools import product
from typing import Final

import msgspec

from schemas.strategy import ParameterValue

POINTS_MAX: Final = 1_000_000

type Space = Mapping[str, tuple[ParameterValue, ...]]
"""By name, the values that a parameter may have."""

type Point = dict[str, ParameterValue]

_encode: Final = msgspec.json.Encoder(order="deterministic").encode


def require_space(space: Space) -> None:
    """Refuse what cannot be searched.

    Raises:
        ValueError: a parameter has no value, or one twice, or there are too many combinations.
    """
    for name, values in space.items():
        if not values or len(set(map(repr, values))) < len(values):
            raise ValueError(f"`space.{name}` needs different values, one at least")
    if (count := size(space)) > POINTS_MAX:
        raise ValueError(f"`space` has {count:,} combinations, more than {POINTS_MAX:,}")


def size(space: Space) -> int:
    """How many combinations there are."""
    return math.prod(len(values) for values in space.values())


def points(space: Space, limit: int, seed: int) -> list[Point]:
    """Combinations to try: all of them, or so many, chosen by the seed and nothing else."""
    if size(space) <= limit:
        return list(_all(space))
    return nsmallest(limit, _all(space), key=lambda point: _lot(point, seed))


def name_of(strategy: str, point: Point) -> str:
    """A candidate's name, by which it is the same wherever it is met."""
    return f"{strategy}-{blake2b(_encode(point), digest_size=8).hexdigest()}"


def _all(space: Space) -> Iterator[Point]:
    names = sorted(space)
    for values in product(*(space[name] for name in names)):
        yield dict(zip(names, values, strict=True))


def _lot(point: Point, seed: int) -> bytes:
    return blake2b(_encode((seed, point)), digest_size=8).digest()
