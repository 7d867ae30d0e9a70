"""Time as an input: a decider sets a timer, the sequencer says when it fired."""

from schemas.quantities import Nanoseconds
from schemas.registry import Payload, event


@event("timer.set")
class TimerSet(Payload, frozen=True, kw_only=True):
    """Its author wants to be called at ``at``. Setting a name again moves it."""

    name: str
    at: Nanoseconds


@event("timer.fired", decision=False)
class TimerFired(Payload, frozen=True, kw_only=True):
    """Market time reached ``at``; ``owner`` is the author of the ``timer.set``."""

    name: str
    at: Nanoseconds
    owner: str
