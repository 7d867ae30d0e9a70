import math
from decimal import Decimal

import msgspec
import pytest

from events.codecs.finite import refuse_what_json_cannot_hold
from schemas.market import Observation
from schemas.quantities import Money
from schemas.registry import Payload


class Point(msgspec.Struct, frozen=True):
    """A place on a curve."""

    at: int
    value: float


class CurveDrawn(Payload, frozen=True, kw_only=True):
    """A payload of this test's own, with floats at every depth."""

    KIND = "curve.drawn"

    points: tuple[Point, ...] = ()
    bounds: tuple[float, ...] = ()
    total: Money = Money(Decimal(0), "USD")


@pytest.mark.parametrize(
    ("payload", "complaint"),
    [
        (CurveDrawn(bounds=(0.5, math.inf)), r"curve\.drawn: bounds\.1 is inf"),
        (CurveDrawn(points=(Point(1, math.nan),)), r"curve\.drawn: points\.0\.value is nan"),
        (Observation(name="rate", value=-math.inf), r"market\.observation: value is -inf"),
    ],
)
def test_names_the_field_at_any_depth(payload: Payload, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        refuse_what_json_cannot_hold(payload)


def test_lets_finite_numbers_and_decimals_pass() -> None:
    refuse_what_json_cannot_hold(
        CurveDrawn(points=(Point(1, 1e308),), bounds=(-0.0,), total=Money(Decimal("1e400"), "USD"))
    )
