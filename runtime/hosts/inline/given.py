"""What a cell was given beside the market, and giving it again at the same place."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from actors.execution.venue import Window
from actors.feeds.following import FollowedMarket
from actors.kit.inputs import Input, input_of
from events.codecs.json import decode_step
from events.journal import JournalRecord
from schemas.envelope import Origin, Slice
from schemas.market import MarketSlice
from schemas.quantities import Nanoseconds


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded input that no recomputation brings about.

    Attributes:
        origin: its place in the ingress; ``None`` where the cell itself closed a stretch.
        after: market time up to which all rows had been consumed; ``None`` before the first.
    """

    input: Input
    origin: Origin | None
    after: Nanoseconds | None


class _Kind(msgspec.Struct, frozen=True):
    kind: str


class _Outline(msgspec.Struct, frozen=True):
    """As much of a step as tells whether its input was given."""

    input: _Kind
    slices: tuple[Slice, ...]
    origin: Origin | None = None


_outline: Final = msgspec.json.Decoder(_Outline).decode


def given_in(records: Iterable[JournalRecord]) -> Iterator[Given]:
    """Everything that a journal's cell was given, in order."""
    consumed = False
    for record in records:
        outline = _outline(record.body)
        consumed = consumed or bool(outline.slices)
        if outline.origin is None and outline.input.kind != MarketSlice.KIND:
            continue
        step = decode_step(record.body)
        match step.input.payload:
            case MarketSlice(reason="end"):
                continue
            case _:
                after = step.ts if consumed else None
                yield Given(input=input_of(step.input), origin=step.origin, after=after)


def comings(
    market: FollowedMarket, given: Iterable[Given], until: Nanoseconds | None = None
) -> Iterator[Window | Given | None]:
    """The market cut where something was given, and that; ``None`` while nothing is certain.

    Args:
        until: where the market ends, once everything was given; by default where its sources do.
    """
    for each in given:
        while each.after is not None and not market.has_passed(each.after):
            yield market.next(each.after)
        yield each
    while not (market.over if until is None else market.has_passed(until)):
        yield market.next(until)
