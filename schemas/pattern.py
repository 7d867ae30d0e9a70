"""What recognisers were asked about prices, and what they saw."""

from typing import Literal

from schemas.market import PriceType
from schemas.quantities import Nanoseconds
from schemas.registry import Payload, event

type Direction = Literal["long", "short", "flat"]


@event("pattern.requested", version=2)
class PatternRequested(Payload, frozen=True, kw_only=True):
    """A recogniser is asked about the bars of an instrument, up to the one that just closed.

    The bars are named and not repeated: they are in the same journal, and ``window_hash`` tells
    whether those that somebody put together are the ones that were meant.

    Attributes:
        bars: how many of them, the one that just closed being the last.
        window_hash: digest of their numbers.
        deadline: market time after which an answer is of no use.
    """

    instrument: str
    interval: str
    price_type: PriceType
    recogniser: str
    bars: int
    window_hash: str
    deadline: Nanoseconds


@event("pattern.recognised", version=2, decision=False)
class PatternRecognised(Payload, frozen=True, kw_only=True):
    """A recogniser saw something.

    Attributes:
        request: id of the ``pattern.requested``; of the bar, where a rule answers it in its step.
        begins: when the first bar of the formation closed; 0 where that is not known.
        horizon: how far ahead the answer speaks.
        confidence: probability that ``direction`` is right, 0 to 1; 0.5 knows nothing.
        calibrated: whether ``confidence`` was held against what happened; otherwise it only ranks.
        model_digest: names the weights and settings, or the rules and their parameters.
        chart_hash: names the picture that was looked at; empty where none was.
        feature_hash: names the numbers that were looked at.
        latency: market time from request to answer.
    """

    request: str
    instrument: str
    interval: str
    recogniser: str
    pattern: str
    direction: Direction
    begins: Nanoseconds
    horizon: Nanoseconds
    confidence: float
    calibrated: bool
    model_digest: str
    chart_hash: str
    feature_hash: str
    latency: Nanoseconds


@event("pattern.abstained", version=2, decision=False)
class PatternAbstained(Payload, frozen=True, kw_only=True):
    """A recogniser gave no usable answer, and why.

    Attributes:
        request: as in ``pattern.recognised``.
        reason: a short machine-readable one, such as ``late``, ``malformed`` or ``no_pattern``.
        detail: for people.
    """

    request: str
    instrument: str
    interval: str
    recogniser: str
    reason: str
    detail: str = ""
    model_digest: str = ""
    latency: Nanoseconds = 0
