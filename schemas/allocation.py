"""How capital is shared between strategies."""

from schemas.registry import Payload, event


@event("allocation.decided")
class AllocationDecided(Payload, frozen=True, kw_only=True):
    """Each strategy's share of the account's equity, 0 to 1."""

    shares: dict[str, float]
    method: str
