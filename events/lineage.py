"""The answer to *why*: from an event back to the tick behind it, and forward to what came of it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import msgspec

from events.codecs.json import decode_step
from events.index import JournalIndex, Role
from events.journal import Journal
from events.rows import MarketRows, Row
from schemas.envelope import AnyEvent, Slice, Step
from schemas.errors import UserError
from schemas.identity import parse_tick_id
from schemas.order import OrderApproved, OrderVetoed
from schemas.quantities import Nanoseconds

OUTCOME_MAX: Final = 500
_TAIL_ROWS: Final = 64
_LOOK_BACK_STEPS: Final = 64


class Ambiguous(UserError):
    """A name was cut so short that it means more than one thing."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One event or tick of a chain.

    Attributes:
        position: ``run:seq.index`` of an event (index 0 is the step's input), ``source:seq`` of a
            tick.
        author: who said it; of a tick, its source.
        payload: its fields, as plain values.
    """

    kind: str
    position: str
    author: str
    id: str
    ts: Nanoseconds
    payload: dict[str, object]


@dataclass(frozen=True, slots=True)
class Found:
    """An event and the place where it stands."""

    step: Step
    index: int

    @property
    def event(self) -> AnyEvent:
        """The event."""
        return self.step.events[self.index]

    @property
    def position(self) -> tuple[int, int]:
        """Sorts as the journal does."""
        return self.step.seq, self.index


class Lineage:
    """Walks the causes in one run's journal; the last link of a chain is in the market log."""

    def __init__(self, journal: Journal, index: JournalIndex, market_rows: MarketRows) -> None:
        self._journal: Final = journal
        self._index: Final = index
        self._market_rows: Final = market_rows
        self._step: Final = lru_cache(maxsize=4_096)(self._read_step)

    def find(self, name: str) -> Found | None:
        """What is meant by an event's id, an order's, a trade's, or the beginning of one.

        An order's id means the decision of risk about it, and the first word of the venue when
        there is none (the leg of a bracket).

        Raises:
            Ambiguous: more than one name begins so.
        """
        full = self._full_name(name)
        if full is None:
            return None
        order = self._named(full, Role.ORDER)
        decided = [f for f in order if isinstance(f.event.payload, OrderApproved | OrderVetoed)]
        candidates = (decided, order, self._named(full, Role.EVENT), self._named(full, Role.TRADE))
        return next((found[0] for found in candidates if found), None)

    def chain(self, start: Found) -> list[Link]:
        """The links from ``start`` back to the market event that set it off, that one last."""
        walked = {start.event.id: _link(start)}
        current = start
        while current.event.cause not in walked:
            cause = next(iter(self._named(current.event.cause, Role.EVENT)), None)
            if cause is None:
                return [*walked.values(), *self._tick(current.event.cause)]
            walked[cause.event.id] = _link(cause)
            current = cause
        return [*walked.values(), *self._market_at(current)]

    def outcome(self, start: Found) -> list[Link]:
        """Everything that followed from ``start``, in the journal's order, 500 links at most."""
        followed = {start.position: start}
        waiting = [start]
        while waiting and len(followed) <= OUTCOME_MAX:
            for found in self._named(waiting.pop().event.id, Role.CAUSE):
                if found.position not in followed:
                    followed[found.position] = found
                    waiting.append(found)
        del followed[start.position]
        return [_link(followed[position]) for position in sorted(followed)][:OUTCOME_MAX]

    def tick(self, name: str) -> tuple[list[Link], list[Link]] | None:
        """A tick by its id, and what it caused."""
        tick = self._tick(name)
        if not tick:
            return None
        caused = self._named(name, Role.CAUSE)
        return tick, [link for each in caused for link in (_link(each), *self.outcome(each))]

    def _full_name(self, name: str) -> str | None:
        beginning = sorted({full for full, _ in self._index.starting_with(name, limit=20)})
        if not beginning:
            return None
        shortest = beginning[0]
        if shortest != name and not all(full.startswith(shortest) for full in beginning):
            raise Ambiguous(f"{name!r} begins more than one name: {', '.join(beginning[:5])}")
        return shortest

    def _named(self, name: str, role: Role) -> list[Found]:
        steps = map(self._step, self._index.steps(name, role))
        return [
            Found(step, index)
            for step in steps
            for index, event in enumerate(step.events)
            if name in _names(event, role)
        ]

    def _read_step(self, seq: int) -> Step:
        return decode_step(next(iter(self._journal.records(seq))).body)

    def _market_at(self, found: Found) -> list[Link]:
        """The tick that the market had come to when a first cause was taken."""
        instrument = getattr(found.event.payload, "instrument", "")
        first = max(0, found.step.seq - _LOOK_BACK_STEPS)
        for seq in range(found.step.seq, first - 1, -1):
            ticks = (self._last_tick(cut, instrument) for cut in self._step(seq).slices)
            latest = max((t for t in ticks if t is not None), key=lambda t: t.ts, default=None)
            if latest is not None:
                return [latest]
        return []

    def _tick(self, name: str) -> list[Link]:
        parsed = parse_tick_id(name)
        if parsed is None or parsed[0] not in self._market_rows.sources():
            return []
        source, seq = parsed
        tick = self._last_tick(Slice(source, seq, seq), "")
        return [tick] if tick is not None else []

    def _last_tick(self, cut: Slice, instrument: str) -> Link | None:
        tail = max(cut.from_seq, cut.to_seq - _TAIL_ROWS + 1)
        row = self._market_rows.last(cut.source, tail, cut.to_seq, instrument)
        return None if row is None else _link_to(row)


def _names(event: AnyEvent, role: Role) -> tuple[str, ...]:
    payload = event.payload
    match role:
        case Role.EVENT:
            return (event.id,)
        case Role.CAUSE:
            return (event.cause,) if event.cause != event.id else ()
        case Role.ORDER:
            ticket = getattr(payload, "ticket", payload)
            return (getattr(ticket, "client_order_id", ""),)
        case Role.TRADE:
            return (getattr(payload, "trade_id", ""),)


def _link(found: Found) -> Link:
    event = found.event
    return Link(
        kind=event.kind,
        position=f"{found.step.run}:{found.step.seq}.{found.index}",
        author=event.author,
        id=event.id,
        ts=event.ts,
        payload=msgspec.to_builtins(event.payload),
    )


def _link_to(row: Row) -> Link:
    return Link(
        kind=row.kind,
        position=row.id,
        author=row.source,
        id=row.id,
        ts=row.ts,
        payload=row.values(),
    )
