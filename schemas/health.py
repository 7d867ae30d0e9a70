"""How the system itself is doing."""

from schemas.registry import Payload, event


@event("health.reported", decision=False)
class HealthReported(Payload, frozen=True, kw_only=True):
    """Named measurements of one component; never part of the decision hash."""

    component: str
    healthy: bool
    measurements: dict[str, float]
    text: str = ""
