"""What a person told the system to do."""

from schemas.registry import Payload, event


@event("operator.commanded", decision=False)
class OperatorCommanded(Payload, frozen=True, kw_only=True):
    """A command with its arguments; the client makes the event's id."""

    command: str
    arguments: dict[str, str]
    operator: str
