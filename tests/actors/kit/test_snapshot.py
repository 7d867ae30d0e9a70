"""Two snapshots are equal just when the states that can be seen are."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

import numpy as np
import pytest
from nautilus_trader.indicators import BollingerBands, SimpleMovingAverage

from actors.kit.snapshot import snapshot
from schemas.order import Terms


class Colour(Enum):
    RED = 1


class Slotted:
    __slots__ = ("left", "right")

    def __init__(self, left: object) -> None:
        self.left = left


@dataclass
class Point:
    x: object
    y: float = 0.0


def average(*values: float) -> SimpleMovingAverage:
    made = SimpleMovingAverage(3)
    for value in values:
        made.update_raw(value)
    return made


DIFFERENT: dict[str, tuple[object, object]] = {
    "order of a list": ([1, 2], [2, 1]),
    "kind of sequence": ([1, 2], (1, 2)),
    "order of a mapping": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "member of a set": ({1, 2}, {1, 3}),
    "length of a queue": (deque([1]), deque([1, 2])),
    "decimal": (Decimal("1.0"), Decimal("1.5")),
    "sign of zero": (0.0, -0.0),
    "attribute": (Point(1), Point(2)),
    "attribute in depth": (Point([Point(1)]), Point([Point(2)])),
    "slot": (Slotted(1), Slotted(2)),
    "field of a struct": (Terms(trail=Decimal(1)), Terms(trail=Decimal(2))),
    "number in an array": (np.array([1.0, 2.0]), np.array([1.0, 3.0])),
    "shape of an array": (np.zeros((2, 3)), np.zeros((3, 2))),
    "kind of array": (np.zeros(2), np.zeros(2, dtype=np.int64)),
    "value of an indicator": (average(1, 2, 3), average(1, 2, 4)),
    "count of an indicator": (average(1, 2), average(1, 2, 3)),
    "argument of an indicator": (BollingerBands(3, 2.0), BollingerBands(3, 2.5)),
    "function": (len, repr),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_different_states_differ(what: str) -> None:
    one, other = DIFFERENT[what]
    assert snapshot(one) != snapshot(other)


ALIKE: dict[str, Callable[[], object]] = {
    "containers": lambda: Point([{"a": (1, None, True)}, Colour.RED, b"x"]),
    "not a number": lambda: Point(float("nan")),
    "objects without attributes": lambda: Slotted(Point(object())),
    "sets": lambda: {3, 1, 2},
    "indicators": lambda: average(1, 2, 3),
    "arrays": lambda: np.array([float("nan"), -0.0])[1:],
    "structs": lambda: Terms(price=Decimal("1.5")),
    "bound methods": lambda: Point(average(1).update_raw),
}


@pytest.mark.parametrize("what", ALIKE)
def test_states_that_were_made_alike_are_equal(what: str) -> None:
    assert snapshot(ALIKE[what]()) == snapshot(ALIKE[what]())


def test_something_that_holds_itself_has_an_end() -> None:
    loop = Point(None)
    loop.x = [loop]
    assert snapshot(loop) == ("Point", ("tuple", "x", ("list", "(itself)")), ("tuple", "y", "0.0"))
