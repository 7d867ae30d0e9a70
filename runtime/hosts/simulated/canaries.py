"""Planted bugs: programs that break one promise each, to prove that the checkers can see it.

Each is an honest program with one thing done wrong; no flag in the real code makes it so.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from typing import Final, override

from actors.execution.attempts import Attempts, Done, Move
from actors.execution.exchange import NoReply
from actors.execution.gateway import ExecutionGateway, GatewayParts
from actors.execution.orders import Standing
from actors.kit.business_keys import BusinessKeys
from actors.kit.reception import Reception
from actors.kit.runner import CellParts, CellRunner
from actors.kit.shapes import Decider
from events.backends.kafka.clients.port import Record
from events.backends.memory.journal import MemoryJournal
from events.errors import Unreachable
from projections.checkpoints import advance
from projections.projector import Projector
from projections.rows import Rows
from runtime.hosts.simulated.broker import LossyConnections, LossyConsumer, LossyProducer
from runtime.hosts.simulated.cast import Cast
from runtime.hosts.simulated.clock import EPOCH
from runtime.hosts.simulated.disk import FaultyJournal, FaultyWriter
from runtime.hosts.simulated.faults import Faults
from runtime.hosts.simulated.line import Line
from runtime.hosts.simulated.workload import Crossing, CrossingState, with_strategy
from schemas.envelope import AnyEvent, Event, Step
from schemas.market import Quote
from schemas.order import OrderApproved, OrderSubmitting
from schemas.quantities import Nanoseconds
from schemas.registry import Payload
from schemas.timer import TimerSet

FAR_AWAY: Final = 2 * EPOCH


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


class ForgetsTimers(CellRunner):
    """Recovers, and lets go of the timers that were set."""

    @override
    def _note(self, step: Step) -> None:
        if step.epoch == self._epoch:
            super()._note(step)
            return
        timeless = [event for event in step.events if not isinstance(event.payload, TimerSet)]
        for event in timeless:
            self._timers.learn(event)
        if step.origin is not None:
            self._reception.learn(step.origin)


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


class BelievesTheJournal(Attempts):
    """Takes an order that was announced for one that the exchange has."""

    @override
    def asks_at(self, standing: Standing, done: Done) -> Nanoseconds | None:
        return None


class HasNoPatience(Attempts):
    """Asks while the right to send lasts, and takes what is not there yet for lost."""

    @override
    def ends(self, attempt: OrderSubmitting) -> Nanoseconds:
        return 0


class SendsForOthers(Attempts):
    """Takes every attempt for its own."""

    @override
    def may_send(self, attempt: OrderSubmitting, done: Done, now: Nanoseconds) -> bool:
        return attempt.attempt > done.sent and now <= attempt.send_by


class NeverAsksAgain(Attempts):
    """Does not ask about orders that work."""

    @override
    def move(self, standing: Standing, done: Done, now: Nanoseconds) -> Move:
        if standing.known and not done.news:
            done.ask_at = now + 1
        return super().move(standing, done, now)


def ruled_by(rules: type[Attempts]) -> type[ExecutionGateway]:
    """A gateway by other rules."""

    class Ruled(ExecutionGateway):
        def __init__(self, parts: GatewayParts) -> None:
            super().__init__(parts)
            vars(self).update(_attempts=rules(parts.holder, parts.lease))

    return Ruled


class AsksNobody(ExecutionGateway):
    """Sends again what got no reply, without asking."""

    @override
    def _ask(self, standing: Standing, done: Done, now: Nanoseconds) -> None:
        if standing.known or done.news:
            super()._ask(standing, done, now)
        else:
            self._announce(standing, done, now)


class ActsAtOnce(ExecutionGateway):
    """Does not wait until its announcement is recorded."""

    @override
    def _announce(self, standing: Standing, done: Done, now: Nanoseconds) -> None:
        super()._announce(standing, done, now)
        done.sent = done.announced
        with suppress(NoReply):
            self._parts.exchange.send(standing.request, now + self._parts.lease.lasts)


class BeginsNow(ExecutionGateway):
    """Lets go of what was approved before it began."""

    def __init__(self, parts: GatewayParts) -> None:
        super().__init__(parts)
        for _ in self._tail.unread():
            pass


class NamesNoMoment(Line):
    """Does not tell the exchange until when an order may come."""

    @override
    def send(self, approved: Event[OrderApproved], send_by: Nanoseconds) -> None:
        super().send(approved, FAR_AWAY)


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
    def producer(self, topic: str) -> LossyProducer:
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
    def consumer(self, topic: str, *, following: bool) -> LossyConsumer:
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
    "acknowledge-early": Cast(disk=FsyncLies),
    "acknowledge-unsent": Cast(connections=Optimistic),
    "act-before-durable": Cast(gateway=ActsAtOnce),
    "ask-nothing-again": Cast(gateway=BeginsNow),
    "ask-too-early": Cast(gateway=ruled_by(HasNoPatience)),
    "checkpoint-first": Cast(projector=ChecksInFirst),
    "count-only-steps": Cast(runner=SeesGaps),
    "count-superseded": Cast(connections=Credent),
    "decide-by-mood": Cast(deciders=moody_deciders),
    "forget-dedup": Cast(runner=ForgetsInputs),
    "forget-ticks": Cast(runner=ForgetsTicks),
    "forget-timers": Cast(runner=ForgetsTimers),
    "lose-tail": Cast(disk=LosesTail),
    "name-no-moment": Cast(line=NamesNoMoment),
    "never-reconcile": Cast(gateway=ruled_by(NeverAsksAgain)),
    "resend-without-asking": Cast(gateway=AsksNobody),
    "send-for-others": Cast(gateway=ruled_by(SendsForOthers)),
    "settle-when-announced": Cast(gateway=ruled_by(BelievesTheJournal)),
}
"""By the name that ``--plant`` takes."""
