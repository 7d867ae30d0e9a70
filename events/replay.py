"""Comparing what was recorded with what the same code decides when it runs again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

import msgspec

from events.decisions import Decision, canonical, decisions_of
from events.leaves import leaves
from schemas.envelope import AnyEvent, Step


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that differs.

    Attributes:
        name: ``author``, ``kind``, ``cause``, ``ts``, or a path: ``payload.ticket.quantity``.
        recorded, recomputed: its values as JSON; ``None`` where the field is absent.
    """

    name: str
    recorded: str | None
    recomputed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first decision that is not the same.

    Attributes:
        seq, index: where it stands: step and place in its events (0 is the input) in the recorded
            journal, or in the recomputed one where nothing was recorded.
        recorded, recomputed: the two events; ``None`` where that run had no more decisions.
        fields: what differs between them; empty where one is missing.
    """

    seq: int
    index: int
    recorded: AnyEvent | None
    recomputed: AnyEvent | None
    fields: tuple[FieldDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether two runs decided the same.

    Attributes:
        decisions: how many decisions were the same, counted from the start.
    """

    identical: bool
    decisions: int
    first_difference: Difference | None


def compare(recorded: Iterable[Step], recomputed: Iterable[Step]) -> Verdict:
    """Hold the decisions of two runs against each other, one by one, up to the first difference.

    Steps may be cut differently; decisions are equal when author, kind, cause, market time and
    payload are.
    """
    same = 0
    for was, now in zip_longest(decisions_of(recorded), decisions_of(recomputed)):
        difference = _difference(was, now)
        if difference is not None:
            return Verdict(identical=False, decisions=same, first_difference=difference)
        same += 1
    return Verdict(identical=True, decisions=same, first_difference=None)


def _difference(was: Decision | None, now: Decision | None) -> Difference | None:
    match was, now:
        case Decision(seq, index, event), Decision(event=again):
            if event.ts == again.ts and canonical(event) == canonical(again):
                return None
            fields = tuple(_differing(event, again))
            return Difference(seq=seq, index=index, recorded=event, recomputed=again, fields=fields)
        case Decision(seq, index, event), None:
            return Difference(seq=seq, index=index, recorded=event, recomputed=None, fields=())
        case None, Decision(seq, index, event):
            return Difference(seq=seq, index=index, recorded=None, recomputed=event, fields=())
        case _:
            raise AssertionError("zip_longest gives at least one")


def _differing(was: AnyEvent, now: AnyEvent) -> Iterator[FieldDifference]:
    before, after = _fields(was), _fields(now)
    for name in {**before, **after}:
        if before.get(name) != after.get(name):
            yield FieldDifference(name, before.get(name), after.get(name))


def _fields(event: AnyEvent) -> dict[str, str]:
    envelope = {"author": event.author, "kind": event.kind, "cause": event.cause, "ts": event.ts}
    tree = {**envelope, "payload": msgspec.json.decode(msgspec.json.encode(event.payload))}
    return {path: msgspec.json.encode(leaf).decode() for path, leaf in leaves(tree)}
