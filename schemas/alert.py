"""What somebody should be told."""

from typing import Literal

from schemas.registry import Payload, event


@event("alert.raised")
class AlertRaised(Payload, frozen=True, kw_only=True):
    """Something needs a person's eye."""

    severity: Literal["info", "warning", "critical"]
    title: str
    text: str


@event("alert.delivered", decision=False)
class AlertDelivered(Payload, frozen=True, kw_only=True):
    """A notifier passed an alert on."""

    alert: str
    channel: str
