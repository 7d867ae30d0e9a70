"""The end of a journal: its last events of some kinds, and those that come after them."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from itertools import islice
from typing import Final

import msgspec

from events.codecs.json import decode_step
from events.following import follow_journal
from events.journal import Journal, JournalRecord
from schemas.quantities import Nanoseconds

_CHUNK_STEPS: Final = 512
_WILDCARDS: Final = re.compile(r"[*?\[]")

type Kinds = tuple[str, ...]
"""Wire names, or patterns such as ``order.*``; empty for every kind."""


class PlacedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event and its place, ``run:seq.index``."""

    kind: str
    position: str
    author: str
    id: str
    cause: str
    ts: Nanoseconds
    payload: dict[str, object]


def last_events(journal: Journal, count: int, kinds: Kinds, end: int) -> list[PlacedEvent]:
    """The last ``count`` events of these kinds in the steps before ``end``, oldest first."""
    found: deque[PlacedEvent] = deque()
    upper = end
    while upper > 0 and len(found) < count:
        lower = max(0, upper - _CHUNK_STEPS)
        chunk = islice(journal.records(lower), upper - lower)
        found.extendleft(reversed([event for record in chunk for event in _of(record, kinds)]))
        upper = lower
    return list(found)[-count:] if count else []


def coming_events(
    journal: Journal, from_seq: int, kinds: Kinds, *, until: Callable[[], bool]
) -> Iterator[PlacedEvent]:
    """Events of these kinds as they become durable, from step ``from_seq`` on."""
    for record in follow_journal(journal, from_seq, until=until):
        yield from _of(record, kinds)


def _of(record: JournalRecord, kinds: Kinds) -> Iterator[PlacedEvent]:
    if kinds and not any(_begun(pattern) in record.body for pattern in kinds):
        return  # Decoding takes a hundred times as long as seeing that there is nothing to decode.
    step = decode_step(record.body)
    for index, event in enumerate(step.events):
        if not kinds or any(fnmatchcase(event.kind, pattern) for pattern in kinds):
            yield PlacedEvent(
                kind=event.kind,
                position=f"{step.run}:{step.seq}.{index}",
                author=event.author,
                id=event.id,
                cause=event.cause,
                ts=event.ts,
                payload=msgspec.to_builtins(event.payload),
            )


@cache
def _begun(pattern: str) -> bytes:
    """What the stored JSON of an event holds whose kind fits a pattern."""
    letters = _WILDCARDS.split(pattern, maxsplit=1)[0]
    return f'"kind":"{letters}'.encode()
