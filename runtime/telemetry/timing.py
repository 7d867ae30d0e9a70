"""Deciders with a stop-watch. Only calls that were answered leave a trace, so ticks cost two looks
at the clock and nothing else.
"""

from collections.abc import Sequence
from threading import get_ident
from typing import Final

from actors.kit.shapes import Decider
from runtime.telemetry.taken import now
from schemas.envelope import AnyEvent
from schemas.registry import Payload


class StopWatch:
    """The times of the step that is being made.

    Attributes:
        event: what a decider was asked about last; what a log line of its thread is about.
        thread: the thread of the cell.
    """

    def __init__(self) -> None:
        self.answered: dict[tuple[str, str], tuple[int, int]] = {}
        self.event: AnyEvent | None = None
        self.thread = 0

    def take(self) -> dict[tuple[str, str], tuple[int, int]]:
        """The times so far, for the thread that made the step; the next one starts with none."""
        self.thread = get_ident()
        answered, self.answered = self.answered, {}
        self.event = None
        return answered


class TimedDecider:
    """A decider that answers as it always did, and is timed."""

    def __init__(self, decider: Decider, watch: StopWatch) -> None:
        self.author: Final = decider.author
        self.consumes: Final = decider.consumes
        self.learn: Final = decider.learn
        self._handle: Final = decider.handle
        self._watch: Final = watch

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        """Answer, and note how long it took when there was something to say."""
        watch = self._watch
        watch.event = event
        asked = now()
        answers = self._handle(event)
        if answers:
            watch.answered[self.author, event.id] = (asked, now())
        return answers
