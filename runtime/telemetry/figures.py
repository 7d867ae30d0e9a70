"""What a cell has done so far, in plain numbers: cheap to keep, read by whoever exports them."""

from collections import Counter
from collections.abc import Callable
from typing import Final

from runtime.telemetry.taken import Taken
from schemas.order import OrderApproved, OrderFilled, OrderRequested, OrderVetoed
from schemas.pattern import PatternAbstained, PatternRecognised
from schemas.registry import Payload
from schemas.signal import SignalRaised, SignalWithheld

COUNTED: Final[dict[type[Payload], str]] = {
    SignalRaised: "signals",
    SignalWithheld: "withheld",
    OrderRequested: "orders",
    OrderApproved: "approvals",
    OrderVetoed: "vetoes",
    OrderFilled: "fills",
    PatternRecognised: "patterns",
    PatternAbstained: "abstentions",
}

COUNTS: Final = ("ticks", "steps", *COUNTED.values(), "spans", "dropped", "lost")
"""``ticks`` are market rows that steps refer to; ``spans`` were kept; ``dropped`` steps came too
fast to be noted; ``lost`` spans could not be written beside the run."""


class Figures:
    """Written by the recorder's thread.

    Attributes:
        counts: by the names of ``COUNTS``.
        lag_s: seconds from when the last posted input happened to when it was recorded.
        gauges: what hosts have to say, such as the depth of a mailbox.
    """

    def __init__(self) -> None:
        self.counts: Final[Counter[str]] = Counter(dict.fromkeys(COUNTS, 0))
        self.lag_s = 0.0
        self.gauges: Final[dict[str, Callable[[], float]]] = {}

    def add(self, taken: Taken) -> None:
        """Count a step."""
        step, counts = taken.step, self.counts
        counts["steps"] += 1
        counts["ticks"] += sum(part.to_seq - part.from_seq + 1 for part in step.slices)
        for event in step.events:
            if (name := COUNTED.get(type(event.payload))) is not None:
                counts[name] += 1
        if step.origin is not None:
            self.lag_s = max(0, step.ts_recorded - step.input.ts) / 1e9
