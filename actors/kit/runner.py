"""A cell at work: polls its ingress, takes what came, and makes it durable.

Gateways act on what they read in its journal, where nothing is seen before it is durable.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from actors.kit.deliberation import Deliberation
from actors.kit.inputs import Input, input_of
from actors.kit.lifecycle import lifecycle_input
from actors.kit.reception import Reception
from actors.kit.sequencer import Identity, RecordingClock, Sequencer
from actors.kit.shapes import Decider
from actors.kit.timers import Timers
from events.codecs.json import decode_step
from events.ingress import Ingress, Posted
from events.journal import Journal, JournalWriter
from schemas.cell import CellLive, CellStarted, CellStopped
from schemas.envelope import Origin, Step
from schemas.operator import OperatorCommanded
from schemas.quantities import Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class CellParts:
    """What a cell is made of.

    Attributes:
        deciders: in the order in which they see every event.
        started: what this writer says about its code and configuration.
        recording_clock: when things are recorded; market_clock: market time, for timers and for
            what the cell says of itself.
    """

    identity: Identity
    deciders: Sequence[Decider]
    journal: Journal
    ingress: Ingress
    started: CellStarted
    recording_clock: RecordingClock
    market_clock: Callable[[], Nanoseconds]


class CellRunner:
    """One cell, from recovery to an orderly stop; after a crash comes a new runner."""

    def __init__(self, parts: CellParts) -> None:
        self._parts: Final = parts
        self._writer: Final[JournalWriter] = parts.journal.open()
        self._epoch: Final = self._writer.head.epoch + 1
        self._timers: Final = Timers()
        self._reception: Final = Reception(parts.ingress)
        self._sequencer: Final = Sequencer(
            parts.identity,
            Deliberation(parts.deciders),
            self._writer,
            epoch=self._epoch,
            recording_clock=parts.recording_clock,
        )

    def start(self) -> None:
        """Fold the journal, and become live.

        Raises:
            Corrupt: the journal holds something that is no step.
        """
        recovered = 0
        for record in self._parts.journal.records():
            self._note(step := decode_step(record.body))
            self._sequencer.fold(step)
            recovered += 1
        self._say(self._parts.started)
        self._say(CellLive(recovered_steps=recovered))

    def turn(self, limit: int = 256) -> int:
        """Take timers that are due and posted events, ``limit`` of each; how many steps came of it.

        Raises:
            IngressGap: a writer's numbers jump.
            LogError: the journal could not take a step. The runner is of no further use then.
        """
        steps = 0
        for _ in range(limit):
            timer = self._timers.due(self._parts.market_clock())
            if timer is None:
                break
            steps += self._take(timer, None)
        for posted in self._reception.poll(limit):
            steps += self._take(self._timed(input_of(posted.event)), posted)
        if steps:
            self._writer.flush()
        return steps

    def stop(self, reason: str) -> None:
        """Say that the end is orderly, and let go of the journal."""
        self._say(CellStopped(reason=reason))
        self.close()

    def close(self) -> None:
        """Let go of the journal, as a crash would: nothing is said."""
        self._writer.close()

    def _say(self, payload: CellStarted | CellLive | CellStopped) -> None:
        now = max(self._sequencer.now, self._parts.market_clock())
        given = lifecycle_input(self._parts.identity, self._epoch, now, payload)
        self._take(given, None)
        self._writer.flush()

    def _timed(self, given: Input) -> Input:
        """What people say happens now, in the cell's market time: they know only the clock."""
        if isinstance(given.payload, OperatorCommanded):
            return replace(given, ts=self._sequencer.now)
        return given

    def _take(self, given: Input, posted: Posted | None) -> int:
        origin = Origin(posted.position, posted.writer, posted.number) if posted else None
        slices = posted.slices if posted else ()
        step = self._sequencer.take(given, lambda _: slices, origin)
        if step is None:
            return 0
        self._note(step)
        return 1

    def _note(self, step: Step) -> None:
        for event in step.events:
            self._timers.learn(event)
        if step.origin is not None:
            self._reception.learn(step.origin)
