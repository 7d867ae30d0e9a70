"""The one place where inputs get their order: numbered, stamped, answered and appended as steps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from actors.kit.business_keys import TICKS, BusinessKeys
from actors.kit.deliberation import Deliberation
from actors.kit.inputs import Input, recorded
from events.journal import Head
from schemas.envelope import AnyEvent, Origin, Slice, Step
from schemas.quantities import Nanoseconds

type RecordingClock = Callable[[], Nanoseconds]
"""Says when something is recorded, in UTC nanoseconds; it never influences a decision."""

type Consumed = Callable[[Nanoseconds], tuple[Slice, ...]]
"""Says which market records were consumed up to a market time and are in no step yet."""


def nothing_consumed(_: Nanoseconds) -> tuple[Slice, ...]:
    """For inputs that no market records came before."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whose journal it is: the cell's name and the run's."""

    cell: str
    run: str


class StepSink(Protocol):
    """Where steps go: a journal's writer, or something that stands before one."""

    @property
    def head(self) -> Head:
        """The place of the next step."""
        ...

    def append(self, step: Step) -> str:
        """Take a step; its digest comes back."""
        ...


class Sequencer:
    """Takes inputs one at a time. The deciders' answers are in the step wholly or not at all."""

    def __init__(
        self,
        identity: Identity,
        deliberation: Deliberation,
        sink: StepSink,
        *,
        epoch: int,
        recording_clock: RecordingClock,
    ) -> None:
        self._identity: Final = identity
        self._deliberation: Final = deliberation
        self._sink: Final = sink
        self._epoch: Final = epoch
        self._recording_clock: Final = recording_clock
        self._taken: Final = BusinessKeys()
        self.now: Nanoseconds = 0
        self.duplicates = 0

    def take(
        self,
        given: Input,
        consumed: Consumed = nothing_consumed,
        origin: Origin | None = None,
    ) -> Step | None:
        """Answer an input and append the step.

        Market time never goes back: an input that is older than the last one is stamped with the
        last one's time. Nothing comes back for a duplicate (by business key), which is counted.

        A single tick that comes straight from the market log, without an ``origin``, comes once,
        and leaves no step when nobody answers it: the log holds it, and whoever runs again reads
        it there. A posted tick always does, or a decider that saw it could not be recovered.
        """
        from_log = origin is None and type(given.payload) in TICKS
        if not from_log and given in self._taken:
            self.duplicates += 1
            return None
        event = self._stamped(given)
        outputs = self._deliberation.answers(event, event.ts_recorded)
        if from_log and not outputs:
            return None
        head = self._sink.head
        step = Step(
            cell=self._identity.cell,
            run=self._identity.run,
            seq=head.next_seq,
            epoch=self._epoch,
            prev_hash=head.prev_hash,
            ts=event.ts,
            ts_recorded=event.ts_recorded,
            slices=consumed(event.ts),
            input=event,
            outputs=outputs,
            origin=origin,
        )
        self._sink.append(step)
        if not from_log:
            self._taken.note(event)
        return step

    def fold(self, step: Step) -> None:
        """Take a recorded step as it stands: learn it, decide nothing, append nothing."""
        self.now = max(self.now, step.ts)
        self._taken.note(step.input)
        self._deliberation.fold(step)

    def _stamped(self, given: Input) -> AnyEvent:
        if given.ts > self.now:
            self.now = given.ts
        return recorded(given, self.now, self._recording_clock())
