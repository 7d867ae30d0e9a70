"""What models were asked to recognise, and what they answered."""

from typing import Literal

from schemas.quantities import Nanoseconds
from schemas.registry import Payload, event

type Direction = Literal["long", "short", "flat"]


@event("pattern.requested")
class PatternRequested(Payload, frozen=True, kw_only=True):
    """A model is asked about an instrument at a bar's close."""

    instrument: str
    interval: str
    recogniser: str
    deadline: Nanoseconds


@event("pattern.recognised", decision=False)
class PatternRecognised(Payload, frozen=True, kw_only=True):
    """A model's answer.

    Attributes:
        request: id of the ``pattern.requested``.
        confidence: calibrated probability that ``direction`` is right, 0 to 1.
        horizon: how far ahead the answer speaks.
        latency: from request to answer.
    """

    request: str
    instrument: str
    pattern: str
    direction: Direction
    horizon: Nanoseconds
    confidence: float
    model_digest: str
    chart_hash: str
    feature_hash: str
    latency: Nanoseconds


@event("pattern.abstained", decision=False)
class PatternAbstained(Payload, frozen=True, kw_only=True):
    """A model gave no usable answer, and why."""

    request: str
    instrument: str
    reason: str
    model_digest: str = ""
