"""Who may do what about an order, and when: the rules of sending it once.

The right to send an order is an event in the cell's journal. A gateway announces an attempt, and if
its own announcement is the one that the cell recorded, it may send until the moment that is named
there. When that has passed and the exchange has said nothing, any gateway asks the exchange; if the
order is not there it never will be, and the next attempt can be announced. So two gateways can live
at once, and one of them can sleep for as long as it likes, at any point.
"""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from actors.execution.orders import Standing
from schemas.order import OrderSubmitting
from schemas.quantities import SECOND_NS, Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """How long things take, by the clock in UTC.

    Attributes:
        lasts: how long the right to send an order lasts, from when it is announced.
        settles: how much longer to wait before the exchange is asked: more than the clocks of
            gateways and the exchange differ.
        audit: how often the exchange is asked about orders that work there, and how soon again
            when it does not reply.
    """

    lasts: Nanoseconds = 2 * SECOND_NS
    settles: Nanoseconds = SECOND_NS
    audit: Nanoseconds = 10 * SECOND_NS


class Move(Enum):
    """What a gateway does about an order next."""

    WAIT = auto()
    ANNOUNCE = auto()
    SEND = auto()
    ASK = auto()
    CANCEL = auto()


@dataclass(slots=True)
class Done:
    """What one incarnation of a gateway did about an order.

    Attributes:
        announced, sent: the last attempts that it did so with.
        ask_at: when the exchange is to be asked at the earliest.
        news: whether the exchange said something since.
        passed_on: ids of reports that were posted, and may not be recorded yet.
        cancelled: names for which a cancel was sent since the exchange was asked last.
    """

    announced: int = -1
    sent: int = -1
    ask_at: Nanoseconds = 0
    news: bool = False
    passed_on: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)


class Attempts:
    """The rules, for one incarnation of a gateway."""

    def __init__(self, holder: str, lease: Lease) -> None:
        self.holder: Final = holder
        self.lease: Final = lease

    def move(self, standing: Standing, done: Done, now: Nanoseconds) -> Move:
        """What to do next about an order that is not closed."""
        if done.news and now >= done.ask_at:
            return Move.ASK
        if standing.known:
            if now >= done.ask_at:
                return Move.ASK
            return Move.CANCEL if standing.withdrawn - done.cancelled else Move.WAIT
        if done.announced > last_attempt(standing):
            return Move.WAIT  # until the cell has recorded it, or another one instead
        if standing.attempt is None:
            return Move.ANNOUNCE
        if self.may_send(standing.attempt, done, now):
            return Move.SEND
        asks_at = self.asks_at(standing, done)
        return Move.ASK if asks_at is not None and now >= asks_at else Move.WAIT

    def asks_at(self, standing: Standing, done: Done) -> Nanoseconds | None:
        """When to ask what became of an attempt; ``None`` when that is known, or there is none."""
        if standing.known or standing.attempt is None:
            return None
        return max(self.ends(standing.attempt), done.ask_at)

    def may_send(self, attempt: OrderSubmitting, done: Done, now: Nanoseconds) -> bool:
        """Whether an attempt is this incarnation's own, was not used yet, and still lasts."""
        mine = attempt.holder == self.holder
        return mine and attempt.attempt > done.sent and now <= attempt.send_by

    def is_lost(self, standing: Standing, now: Nanoseconds) -> bool:
        """Whether an order that the exchange does not have can never get there any more."""
        attempt = standing.attempt
        return not standing.known and attempt is not None and now >= self.ends(attempt)

    def ends(self, attempt: OrderSubmitting) -> Nanoseconds:
        """From when on no order can arrive by an attempt any more."""
        return attempt.send_by + self.lease.settles + 1


def last_attempt(standing: Standing) -> int:
    """The number of the last attempt that was recorded; -1 when there is none."""
    return -1 if standing.attempt is None else standing.attempt.attempt
