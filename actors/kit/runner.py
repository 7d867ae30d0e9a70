"""A cell at work: polls its ingress, takes what came, and hands out what is durable."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from actors.kit.deliberation import Deliberation
from actors.kit.gateway import Gateway, Outbox
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
from schemas.envelope import AnyEvent, Origin, Step
from schemas.quantities import Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class CellParts:
    """What a cell is made of.

    Attributes:
        deciders: in the order in which they see every event.
        started: what this writer says about its code and configuration.
        recording_clock: when things are recorded; market_clock: market time, for timers.
    """

    identity: Identity
    deciders: Sequence[Decider]
    gateways: Sequence[Gateway]
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
        self._outbox: Final = Outbox(parts.gateways)
        self._reception: Final = Reception(parts.ingress)
        self._sequencer: Final = Sequencer(
            parts.identity,
            Deliberation(parts.deciders),
            self._writer,
            epoch=self._epoch,
            recording_clock=parts.recording_clock,
        )

    def start(self) -> None:
        """Fold the journal, become live, and ask again for what is unanswered.

        Raises:
            Corrupt: the journal holds something that is no step.
        """
        recovered = 0
        for record in self._parts.journal.records():
            self._note(step := decode_step(record.body))
            self._sequencer.fold(step)
            recovered += 1
        pending = tuple(self._outbox.pending())
        self._say(self._parts.started)
        self._say(CellLive(recovered_steps=recovered))
        self._hand_out_again(pending)

    def remind(self) -> None:
        """Ask again for all that is unanswered: a gateway was restarted and forgot."""
        self._hand_out_again(self._outbox.pending())

    def turn(self, limit: int = 256) -> int:
        """Take timers that are due and posted events, ``limit`` of each; how many steps came of it.

        Requests reach their gateways only after the flush that made their steps durable.

        Raises:
            IngressGap: a writer's numbers jump.
            LogError: the journal could not take a step. The runner is of no further use then.
        """
        requests: list[AnyEvent] = []
        steps = 0
        for _ in range(limit):
            timer = self._timers.due(self._parts.market_clock())
            if timer is None:
                break
            steps += self._take(timer, None, requests)
        for posted in self._reception.poll(limit):
            steps += self._take(input_of(posted.event), posted, requests)
        if steps:
            self._writer.flush()
            for request in requests:
                self._outbox.hand_out(request)
        return steps

    def stop(self, reason: str) -> None:
        """Say that the end is orderly, and let go of the journal."""
        self._say(CellStopped(reason=reason))
        self._writer.close()

    def _say(self, payload: CellStarted | CellLive | CellStopped) -> None:
        given = lifecycle_input(self._parts.identity, self._epoch, self._sequencer.now, payload)
        requests: list[AnyEvent] = []
        self._take(given, None, requests)
        self._writer.flush()
        for request in requests:
            self._outbox.hand_out(request)

    def _take(self, given: Input, posted: Posted | None, requests: list[AnyEvent]) -> int:
        origin = Origin(posted.position, posted.writer, posted.number) if posted else None
        slices = posted.slices if posted else ()
        step = self._sequencer.take(given, lambda _: slices, origin)
        if step is None:
            return 0
        requests.extend(self._note(step))
        return 1

    def _note(self, step: Step) -> Sequence[AnyEvent]:
        for event in step.events:
            self._timers.learn(event)
        if step.origin is not None:
            self._reception.learn(step.origin)
        return self._outbox.fold(step)

    def _hand_out_again(self, requests: Iterable[AnyEvent]) -> None:
        for request in requests:
            self._outbox.hand_out(request, again=True)
