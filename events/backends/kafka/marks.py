"""What a record of ours says about itself in its headers, and whether it counts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from events.backends.kafka.clients.port import Headers, Record


class Kind(StrEnum):
    """What a record is, in its header ``wakeline``."""

    CLAIM = "claim"
    """A writer begins; its address, the record's offset, is its name from now on."""
    STEPS = "steps"
    ROWS = "rows"
    SEAL = "seal"
    POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Consecutive numbers ``first .. first + count - 1`` of a log, in one record that counts.

    Attributes:
        id: digest of what it holds; previous: that of the entry before, so that a changed or
            shortened log is seen.
        checkpoint: of a feed, after these rows.
    """

    offset: int
    kind: Kind
    first: int
    count: int
    id: str
    previous: str
    checkpoint: bytes
    body: bytes

    @property
    def end(self) -> int:
        """The number after its last one."""
        return self.first + self.count


@dataclass(frozen=True, slots=True)
class Claim:
    """A writer's beginning; ``who`` is for people to read."""

    offset: int
    who: str


@dataclass(frozen=True, slots=True)
class Superseded:
    """A record that stands behind something that its writer did not know: it does not count."""

    offset: int
    writer: int


@dataclass(frozen=True, slots=True)
class NotOurs:
    """A record that says nothing that we understand."""

    offset: int
    reason: str


_CLAIM: Final = ("wakeline", Kind.CLAIM.value.encode())
_COUNTED: Final = frozenset({Kind.STEPS, Kind.ROWS, Kind.SEAL})


def claim_headers() -> Headers:
    """Headers of a claim."""
    return (_CLAIM,)


def entry_headers(entry: Entry, writer: int) -> Headers:
    """Headers of an entry, which says where it must stand; ``writer`` is its claim's offset."""
    return (
        ("wakeline", entry.kind.value.encode()),
        ("writer", b"%d" % writer),
        ("at", b"%d" % entry.offset),
        ("first", b"%d" % entry.first),
        ("count", b"%d" % entry.count),
        ("id", entry.id.encode()),
        ("previous", entry.previous.encode()),
        ("checkpoint", entry.checkpoint),
    )


def read_mark(record: Record) -> Entry | Claim | Superseded | NotOurs:
    """What a record is.

    An entry counts at the one offset that it names: its writer knew everything before that. Behind
    a claim, or anything else that its writer did not know, it stands too far back.
    """
    headers = record.headers
    try:
        kind = Kind(headers["wakeline"].decode())
        if kind is Kind.CLAIM:
            return Claim(record.offset, record.value.decode())
        if kind not in _COUNTED:
            return NotOurs(record.offset, f"a {kind} has no place here")
        writer, at = int(headers["writer"]), int(headers["at"])
        entry = Entry(
            offset=record.offset,
            kind=kind,
            first=int(headers["first"]),
            count=int(headers["count"]),
            id=headers["id"].decode(),
            previous=headers["previous"].decode(),
            checkpoint=headers["checkpoint"],
            body=record.value,
        )
    except (KeyError, ValueError) as error:
        return NotOurs(record.offset, f"its headers are none of ours ({error!r})")
    if record.offset != at:
        return Superseded(record.offset, writer)
    return entry
