"""Virtual time: it stands still until the scheduler moves it."""

from schemas.quantities import SECOND_NS, Nanoseconds

EPOCH: Nanoseconds = 1_700_000_000 * SECOND_NS
"""When every simulated world begins."""


class VirtualClock:
    """Reads as market time and as recording time; no program in the world knows another clock."""

    def __init__(self) -> None:
        self.now: Nanoseconds = EPOCH

    def __call__(self) -> Nanoseconds:
        return self.now

    def move_to(self, moment: Nanoseconds) -> None:
        """Let time pass; it never goes back."""
        assert moment >= self.now, f"time went back from {self.now} to {moment}"
        self.now = moment
