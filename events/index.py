"""Where a name stands in a journal: the index that makes ``why`` a look-up and not a search.

An index holds nothing that the journal does not say. It is made from it, catches up with it, and
can be thrown away.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, Protocol

import msgspec

from events.errors import Corrupt
from events.journal import Journal, JournalRecord


class Role(StrEnum):
    """As what a step names something."""

    EVENT = "event"
    CAUSE = "cause"
    ORDER = "order"
    TRADE = "trade"


class JournalIndex(Protocol):
    """Finds the steps of one journal that name something."""

    def catch_up(self, journal: Journal) -> None:
        """Take in the durable steps that are new; all of them, if the journal is another one now.

        Raises:
            Corrupt: a step does not decode.
        """
        ...

    def steps(self, name: str, role: Role) -> Sequence[int]:
        """Numbers of the steps that name it so, ascending."""
        ...

    def starting_with(self, prefix: str, limit: int) -> Sequence[tuple[str, Role]]:
        """At most ``limit`` names (causes aside) that begin so, in order."""
        ...


class _Ticket(msgspec.Struct):
    client_order_id: str


class _Payload(msgspec.Struct):
    client_order_id: str | None = None
    trade_id: str | None = None
    ticket: _Ticket | None = None


class _Event(msgspec.Struct):
    id: str
    cause: str
    payload: _Payload


class _Step(msgspec.Struct):
    input: _Event
    outputs: list[_Event]


# Only the fields above are built; the decoder passes over everything else.
_decode: Final = msgspec.json.Decoder(_Step).decode


def names_in(record: JournalRecord) -> Iterator[tuple[str, Role]]:
    """Everything that a stored step names, and as what; a name may come more than once.

    Raises:
        Corrupt: the record is no step.
    """
    try:
        step = _decode(record.body)
    except msgspec.MsgspecError as error:
        raise Corrupt(f"step {record.seq}: {error}") from error
    yield from _names_in_event(step.input)
    for output in step.outputs:
        yield from _names_in_event(output)


def _names_in_event(event: _Event) -> Iterator[tuple[str, Role]]:
    yield event.id, Role.EVENT
    if event.cause != event.id:
        yield event.cause, Role.CAUSE
    payload = event.payload
    if payload.ticket is not None:
        yield payload.ticket.client_order_id, Role.ORDER
    if payload.client_order_id:
        yield payload.client_order_id, Role.ORDER
    if payload.trade_id:
        yield payload.trade_id, Role.TRADE
