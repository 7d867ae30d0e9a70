"""Going on with a run that stopped: recompute what the journal holds, compare, then append the
rest.
"""

from collections.abc import Callable, Iterator

from events.journal import Head, JournalWriter
from schemas.cell import CellLive, CellStarted, CellStopped
from schemas.envelope import AnyEvent, Step


class Diverged(Exception):
    """A recorded step and its recomputation are not the same decision.

    Attributes:
        recorded, recomputed: the two steps.
    """

    def __init__(self, recorded: Step, recomputed: Step) -> None:
        super().__init__(
            f"step {recorded.seq} was recorded as {_summary(recorded)}, "
            f"and comes out as {_summary(recomputed)}"
        )
        self.recorded = recorded
        self.recomputed = recomputed


class Retracing:
    """A step sink that holds recomputed steps against the recorded ones until these end.

    Steps about the writer itself (``cell.*``) are passed over on both sides: whoever goes on says
    those himself.
    """

    def __init__(
        self, recorded: Iterator[Step], writer: JournalWriter, caught_up: Callable[[], None]
    ) -> None:
        self._recorded = (step for step in recorded if not _is_lifecycle(step))
        self._writer = writer
        self._caught_up = caught_up
        self._ahead = next(self._recorded, None)
        if self._ahead is None:
            caught_up()

    @property
    def retracing(self) -> bool:
        """Whether recorded steps are still ahead."""
        return self._ahead is not None

    @property
    def head(self) -> Head:
        """The place of the next step, recorded or new."""
        if self._ahead is None:
            return self._writer.head
        ahead = self._ahead
        return Head(next_seq=ahead.seq, prev_hash=ahead.prev_hash, epoch=ahead.epoch)

    def append(self, step: Step) -> str:
        """Compare while there is something to compare with, then append.

        Raises:
            Diverged: the recomputed step decides otherwise than the recorded one.
        """
        if _is_lifecycle(step):
            return ""
        if self._ahead is None:
            return self._writer.append(step)
        if _decisions(self._ahead) != _decisions(step):
            raise Diverged(self._ahead, step)
        self._ahead = next(self._recorded, None)
        if self._ahead is None:
            self._caught_up()
        return ""


def _is_lifecycle(step: Step) -> bool:
    return isinstance(step.input.payload, CellStarted | CellLive | CellStopped)


def _decisions(step: Step) -> tuple[object, ...]:
    return (step.slices, *(_decision(event) for event in step.events))


def _decision(event: AnyEvent) -> tuple[object, ...]:
    return event.id, event.author, event.cause, event.ts, event.payload


def _summary(step: Step) -> str:
    return " > ".join(f"{event.kind} {event.id}" for event in step.events[:4])
