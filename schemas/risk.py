"""What risk found beyond the single order."""

from enum import StrEnum

from schemas.registry import Payload, event


class RiskState(StrEnum):
    """What risk lets through: everything, only what reduces, or nothing."""

    NORMAL = "normal"
    REDUCE_ONLY = "reduce_only"
    HALTED = "halted"


@event("risk.limit_breached")
class LimitBreached(Payload, frozen=True, kw_only=True):
    """A limit on the book was passed; ``scope`` is the account, instrument or strategy it is on."""

    scope: str
    rule: str
    limit: str
    value: str


@event("risk.state_changed")
class RiskStateChanged(Payload, frozen=True, kw_only=True):
    """Risk moved from one state to another."""

    before: RiskState
    after: RiskState
    reason: str
