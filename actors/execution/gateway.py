"""The gateway to an exchange: sends what was approved, never twice, and reports what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from actors.execution.attempts import Attempts, Done, Lease, Move, last_attempt
from actors.execution.exchange import Exchange, NoReply, Report
from actors.execution.orders import Orders, Origin, Standing
from actors.kit.inputs import Input, recorded
from actors.kit.sequencer import RecordingClock
from events.codecs.json import decode_step
from events.ingress import Ingress
from events.journal import Journal
from schemas.order import OrderCancelled, OrderExpired, OrderSubmitting, OrderUnknown
from schemas.quantities import Nanoseconds
from schemas.reconciliation import ReconciliationDifference
from schemas.registry import Payload

_USUAL: Final = Lease()


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayParts:
    """What a gateway works with.

    Attributes:
        author: signs what it says itself, such as ``gateway.paper``.
        holder: names this incarnation; no other one ever had that name.
        clock: UTC.
    """

    author: str
    holder: str
    journal: Journal
    ingress: Ingress
    exchange: Exchange
    clock: RecordingClock
    lease: Lease = _USUAL


class ExecutionGateway:
    """Follows a cell's journal, and posts into its ingress; the rules are those of ``Attempts``.

    Attributes:
        position: number of the next step to be read.
        counters: what was done so far, by name.
    """

    def __init__(self, parts: GatewayParts) -> None:
        self._parts: Final = parts
        self._attempts: Final = Attempts(parts.holder, parts.lease)
        self._tail: Final = parts.journal.tail()
        self._orders: Final = Orders()
        self._done: Final[dict[str, Done]] = {}
        self._news: Final[set[str]] = set()
        self._number = 0
        self.position = 0
        self.counters: Final = dict.fromkeys(("sent", "no_reply", "reports", "foreign"), 0)

    @property
    def open_orders(self) -> int:
        """Orders that are approved and not closed."""
        return len(self._orders)

    @property
    def wakes(self) -> Nanoseconds | None:
        """When the exchange is to be asked next what became of an attempt, as far as is known."""
        asks = (self._attempts.asks_at(each, self._done_for(each)) for each in self._orders)
        return min((at for at in asks if at is not None), default=None)

    def turn(self) -> bool:
        """Read what is new and do what is due; whether there was something.

        Raises:
            LogError: a log cannot be read or written.
        """
        heard = self.listen()
        return self.act() or heard

    def listen(self) -> bool:
        """Read what the cell recorded, as far as it has come here, and what there is news of."""
        before = self.position
        for record in self._tail.unread(asking=False):
            self._orders.learn(decode_step(record.body))
            self.position = record.seq + 1
        self._news.update(self._parts.exchange.heard())
        return self.position > before or bool(self._news)

    def act(self) -> bool:
        """Do what is due; whether there was something."""
        standing = tuple(self._orders)
        for closed in self._done.keys() - {each.name for each in standing}:
            del self._done[closed]
        for name in sorted(self._news):
            self._hear_of(name)
        worked = [self._attend(each) for each in standing]
        return any(worked)

    def close(self) -> None:
        """Let go of everything; what works at the exchange goes on working."""
        self._tail.close()
        self._parts.ingress.close()
        self._parts.exchange.close()

    def _hear_of(self, client_order_id: str) -> None:
        """See to it that the exchange is asked; at once, if the order is closed or nobody's."""
        standing = self._orders.standing(client_order_id)
        if standing is not None:
            done = self._done_for(standing)
            done.news, done.ask_at = True, 0
        else:
            try:
                self._pass_on(self._parts.exchange.ask(client_order_id) or ())
            except NoReply:
                self.counters["no_reply"] += 1
                return
        self._news.discard(client_order_id)

    def _attend(self, standing: Standing) -> bool:
        done = self._done_for(standing)
        now = self._parts.clock()
        match self._attempts.move(standing, done, now):
            case Move.WAIT:
                return False
            case Move.ANNOUNCE:
                self._announce(standing, done, now)
            case Move.SEND:
                self._send(standing, done)
            case Move.ASK:
                self._ask(standing, done, now)
            case Move.CANCEL:
                self._cancel(standing, done)
        return True

    def _done_for(self, standing: Standing) -> Done:
        return self._done.setdefault(standing.name, Done())

    def _announce(self, standing: Standing, done: Done, now: Nanoseconds) -> None:
        """Claim the next attempt, or what is in its place when the order is not to be sent.

        Both have one name, so that the cell records one of them, whoever else wants another.
        """
        done.announced = number = last_attempt(standing) + 1
        self._say(standing, f"attempt/{number}", self._claim(standing, number, now))

    def _claim(self, standing: Standing, number: int, now: Nanoseconds) -> Payload:
        ticket = standing.ticket
        name, instrument, strategy = ticket.client_order_id, ticket.instrument, ticket.strategy
        if name in standing.withdrawn:
            reason = "withdrawn before it was sent"
            return OrderCancelled(
                client_order_id=name, instrument=instrument, strategy=strategy, reason=reason
            )
        if ticket.valid_until is not None and ticket.valid_until < self._orders.now:
            return OrderExpired(client_order_id=name, instrument=instrument, strategy=strategy)
        return OrderSubmitting(
            client_order_id=name,
            instrument=instrument,
            attempt=number,
            holder=self._parts.holder,
            send_by=now + self._parts.lease.lasts,
        )

    def _send(self, standing: Standing, done: Done) -> None:
        attempt, ticket = standing.attempt, standing.ticket
        assert attempt is not None, "the rules say so"
        done.sent = attempt.attempt
        done.ask_at = self._attempts.ends(attempt)
        self.counters["sent"] += 1
        try:
            self._parts.exchange.send(standing.request, attempt.send_by)
        except NoReply as error:
            self.counters["no_reply"] += 1
            unknown = OrderUnknown(
                client_order_id=ticket.client_order_id,
                instrument=ticket.instrument,
                strategy=ticket.strategy,
                reason=f"no reply to attempt {attempt.attempt}: {error}",
            )
            self._say(standing, f"unknown/{attempt.attempt}", unknown)

    def _ask(self, standing: Standing, done: Done, now: Nanoseconds) -> None:
        """Learn what became of an order; if it never arrived, and cannot any more, try again."""
        done.ask_at = now + self._parts.lease.audit
        done.cancelled.clear()
        try:
            reports = self._parts.exchange.ask(standing.name)
        except NoReply:
            self.counters["no_reply"] += 1
            return
        done.news = False
        if reports is not None:
            self._pass_on(reports)
        elif self._attempts.is_lost(standing, now):
            done.ask_at = 0
            self._announce(standing, done, now)

    def _cancel(self, standing: Standing, done: Done) -> None:
        for name in sorted(standing.withdrawn - done.cancelled):
            done.cancelled.add(name)
            try:
                self._parts.exchange.cancel(name)
            except NoReply:
                self.counters["no_reply"] += 1

    def _pass_on(self, reports: Iterable[Report]) -> None:
        """Post what the exchange said, in its order, but for what was posted or is recorded.

        The word that closes an order is behind all others about it, so that whoever finds it closed
        in the journal has missed nothing.
        """
        for report in reports:
            name = report.answer.client_order_id
            origin, standing = self._orders.origin(name), self._orders.standing(name)
            if origin is None:
                self._disown(report)
                continue
            if standing is not None:
                passed_on = self._done_for(standing).passed_on
                if report.id in standing.heard or report.id in passed_on:
                    continue
                passed_on.add(report.id)
            self.counters["reports"] += 1
            self._post(_given(report, origin))

    def _disown(self, report: Report) -> None:
        """Say that the exchange has an order of which the cell knows nothing."""
        self.counters["foreign"] += 1
        answer = report.answer
        name = f"foreign/{report.id}"
        difference = ReconciliationDifference(
            subject=f"order {answer.client_order_id}",
            instrument=answer.instrument,
            ours="none",
            theirs=answer.KIND,
        )
        author, ts = self._parts.author, report.ts
        self._post(
            Input(id=name, author=author, cause=name, correlation=name, ts=ts, payload=difference)
        )

    def _say(self, standing: Standing, what: str, payload: Payload) -> None:
        """Post a word of the gateway's own about an order."""
        request = standing.request
        self._post(
            Input(
                id=f"{standing.name}/{what}",
                author=self._parts.author,
                cause=request.id,
                correlation=request.correlation,
                ts=request.ts,
                payload=payload,
            )
        )

    def _post(self, given: Input) -> None:
        event = recorded(given, given.ts, self._parts.clock())
        self._parts.ingress.post(self._parts.holder, self._number, event)
        self._number += 1


def _given(report: Report, origin: Origin) -> Input:
    return Input(
        id=report.id,
        author=report.author,
        cause=origin.cause,
        correlation=origin.correlation,
        ts=report.ts,
        payload=replace(report.answer, strategy=origin.strategy),
    )
