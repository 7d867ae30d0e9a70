"""Planted bugs: programs that break one promise each, to prove that the checkers can see it.

Each is an honest program with one thing done wrong; no flag in the real code makes it so.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Final, override

from actors.kit.business_keys import BusinessKeys
from actors.kit.gateway import Outbox
from actors.kit.inputs import Input
from actors.kit.reception import Reception
from actors.kit.runner import CellParts, CellRunner
from actors.kit.shapes import Decider
from events.backends.kafka.clients.port import Client, Record
from events.backends.memory.journal import MemoryJournal
from events.errors import Unreachable
from events.ingress import Posted
from projections.checkpoints import advance
from projections.projector import Projector
from projections.rows import Rows
from runtime.hosts.simulated.broker import LossyConnections, LossyConsumer, LossyProducer
from runtime.hosts.simulated.cast import Cast
from runtime.hosts.simulated.disk import FaultyJournal, FaultyWriter
from runtime.hosts.simulated.faults import Faults
from runtime.hosts.simulated.gateway import ExchangeGateway
from runtime.hosts.simulated.workload import Crossing, CrossingState, with_strategy
from schemas.envelope import AnyEvent, Step
from schemas.market import Quote
from schemas.order import OrderSubmitting
from schemas.registry import Payload
from schemas.timer import TimerSet


class Hasty(CellRunner):
    """Hands requests out when their step is appended, and flushes afterwards."""

    @override
    def _take(self, given: Input, posted: Posted | None, requests: list[AnyEvent]) -> int:
        steps = super()._take(given, posted, requests)
        for request in requests:
            self._outbox.hand_out(request)
        requests.clear()
        return steps


class NoKeys(BusinessKeys):
    """Remembers nothing."""

    @override
    def note(self, taken: AnyEvent) -> None:
        return


class NoTicks(BusinessKeys):
    """Remembers everything but ticks."""

    @override
    def note(self, taken: AnyEvent) -> None:
        if not isinstance(taken.payload, Quote):
            super().note(taken)


class ForgetsInputs(CellRunner):
    """Takes an input as often as it comes."""

    def __init__(self, parts: CellParts) -> None:
        super().__init__(parts)
        vars(self._sequencer).update(_taken=NoKeys())


class ForgetsTicks(CellRunner):
    """Takes a tick as often as it comes."""

    def __init__(self, parts: CellParts) -> None:
        super().__init__(parts)
        vars(self._sequencer).update(_taken=NoTicks())


class ForgetsRequests(CellRunner):
    """Recovers, and does not ask for what is unanswered."""

    @override
    def _hand_out_again(self, requests: Iterable[AnyEvent]) -> None:
        return


class ForgetsTimers(CellRunner):
    """Recovers, and lets go of the timers that were set."""

    @override
    def _note(self, step: Step) -> Sequence[AnyEvent]:
        if step.epoch == self._epoch:
            return super()._note(step)
        timeless = [event for event in step.events if not isinstance(event.payload, TimerSet)]
        for event in timeless:
            self._timers.learn(event)
        if step.origin is not None:
            self._reception.learn(step.origin)
        return self._outbox.fold(step)


class Credulous(Outbox):
    """Takes the word that an order is about to be sent for its being sent."""

    @override
    def fold(self, step: Step) -> Sequence[AnyEvent]:
        if isinstance(step.input.payload, OrderSubmitting):
            self._pending.pop(step.input.cause, None)
        return super().fold(step)


class SettlesEarly(CellRunner):
    """Asks no more for an order that was announced and never sent."""

    def __init__(self, parts: CellParts) -> None:
        super().__init__(parts)
        vars(self).update(_outbox=Credulous(parts.gateways))


class Literal(Reception):
    """Believes that every posted event became a step."""

    @override
    def _recounted(self, writer: str, expected: int, position: int) -> int:
        return expected


class SeesGaps(CellRunner):
    """Takes a duplicate that became no step for a gap, and can never start again."""

    def __init__(self, parts: CellParts) -> None:
        super().__init__(parts)
        vars(self).update(_reception=Literal(parts.ingress))


class AsksNobody(ExchangeGateway):
    """Sends again whatever it is asked for again."""

    @override
    def must_ask(self, again: bool) -> bool:
        return False


class NeverReconciles(ExchangeGateway):
    """Does not ask what was said while it was away."""

    @override
    def reconcile(self) -> None:
        return


class ChecksInFirst(Projector):
    """Says that rows are there, then inserts them."""

    @override
    def _insert(self, rows: Rows, stream: str, end: int) -> None:
        advance(self._store, stream, end)
        super()._insert(rows, stream, end)


class AcknowledgesEarly(FaultyWriter):
    """Says that steps are durable, and writes them with the next ones."""

    @override
    def flush(self) -> int:
        return super().flush() if len(self._unflushed) > 1 else self.head.next_seq - 1


class FsyncLies(FaultyJournal):
    """A disk that acknowledged more than it kept."""

    @override
    def open(self) -> FaultyWriter:
        return AcknowledgesEarly(self._stored, self._faults)


class LosesTail(FaultyJournal):
    """A disk that comes up after a crash without the newest step."""

    def __init__(self, stored: MemoryJournal, faults: Faults) -> None:
        super().__init__(stored, faults)
        if records := vars(stored)["_log"].records:
            records.pop()


class BelievesInArrival(LossyProducer):
    """Takes a record that was sent for one that is stored."""

    @override
    def flush(self) -> Sequence[int]:
        sent = len(self._waiting)
        try:
            return super().flush()
        except Unreachable:
            end = len(self._way.broker.records(self._topic))
            return range(end, end + sent)


class Optimistic(LossyConnections):
    """Through which everything arrives, or so it seems."""

    @override
    def producer(self, topic: str, client: Client) -> LossyProducer:
        return BelievesInArrival(self, topic)


class CountsAll(LossyConsumer):
    """Reads what came behind a successor's claim as if its writer had known of it."""

    @override
    def read(self, start: int, end: int) -> Iterator[Record]:
        for record in super().read(start, end):
            headers = dict(record.headers)
            if "at" in headers:
                headers["at"] = b"%d" % record.offset
            yield Record(record.offset, headers, record.value)


class Credent(LossyConnections):
    """By which no writer is ever superseded."""

    @override
    def consumer(self, topic: str) -> LossyConsumer:
        return CountsAll(self, topic)


class Moody(Crossing):
    """A decider that knows something which nobody told it."""

    _times: Final = count()

    @override
    def decide(self, state: CrossingState, event: AnyEvent) -> Iterable[Payload]:
        if isinstance(event.payload, Quote) and next(self._times) % 7 == 0:
            return ()
        return super().decide(state, event)


def moody_deciders() -> tuple[Decider, ...]:
    """The workload's deciders, one of them moody."""
    return with_strategy(Moody())


PLANTS: Final[dict[str, Cast]] = {
    "act-before-durable": Cast(runner=Hasty),
    "acknowledge-early": Cast(disk=FsyncLies),
    "acknowledge-unsent": Cast(connections=Optimistic),
    "ask-nothing-again": Cast(runner=ForgetsRequests),
    "checkpoint-first": Cast(projector=ChecksInFirst),
    "count-only-steps": Cast(runner=SeesGaps),
    "count-superseded": Cast(connections=Credent),
    "decide-by-mood": Cast(deciders=moody_deciders),
    "forget-dedup": Cast(runner=ForgetsInputs),
    "forget-ticks": Cast(runner=ForgetsTicks),
    "forget-timers": Cast(runner=ForgetsTimers),
    "lose-tail": Cast(disk=LosesTail),
    "never-reconcile": Cast(gateway=NeverReconciles),
    "resend-without-asking": Cast(gateway=AsksNobody),
    "settle-when-announced": Cast(runner=SettlesEarly),
}
"""By the name that ``--plant`` takes."""
