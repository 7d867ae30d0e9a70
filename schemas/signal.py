"""What a strategy wants, and what kept it from wanting it aloud."""

from typing import Literal

import msgspec

from schemas.order import Terms
from schemas.quantities import Quantity
from schemas.registry import Payload, event
from schemas.strategy import ParameterValue


@event("signal.raised")
class SignalRaised(Payload, frozen=True, kw_only=True):
    """A strategy's wish; sizing turns it into an order.

    Attributes:
        intent: ``target`` brings the strategy's net position in the instrument to ``direction``
        (times
            the size); ``order`` asks for one more order whatever the position; ``cancel`` withdraws
            the strategy's working orders in the instrument.
        direction: for ``target``, ``flat`` closes.
        quantity: size in units; ``None`` leaves it to sizing.
        strength: conviction, 0 to 1.
        reason: the values it was decided on (indicators, thresholds, patterns), for ``why``.
    """

    instrument: str
    direction: Literal["long", "short", "flat"]
    intent: Literal["target", "order", "cancel"] = "target"
    strength: float = 1.0
    quantity: Quantity | None = None
    terms: Terms = Terms()
    reason: dict[str, ParameterValue] = msgspec.field(default_factory=dict)


@event("signal.withheld")
class SignalWithheld(Payload, frozen=True, kw_only=True):
    """A signal was due and a rule stopped it before it became an order."""

    instrument: str
    direction: Literal["long", "short", "flat"]
    rule: str
    limit: str
    value: str
