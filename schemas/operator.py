"""What a person told the system to do."""

from typing import Final

from schemas.registry import Payload, event

PAUSE: Final = "cell.pause"
"""No order that opens or adds may pass any more."""
RESUME: Final = "cell.resume"
"""Undo ``PAUSE``."""
DRAIN: Final = "cell.drain"
"""As ``PAUSE``, and the cell stops when no order is on its way."""
RESTART: Final = "actor.restart"
"""Replace the program named by the argument ``actor``."""
DOWN: Final = "topology.down"
"""Stop everything, feeds first."""


@event("operator.commanded", decision=False)
class OperatorCommanded(Payload, frozen=True, kw_only=True):
    """A command with its arguments; the client makes the event's id."""

    command: str
    arguments: dict[str, str]
    operator: str
