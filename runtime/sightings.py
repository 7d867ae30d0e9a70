"""What recognisers of a run saw, and the pictures of it, made again from the journal's bars."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from actors.patterns.candles import Candles, UnfitBars
from actors.patterns.charts.colour import Part, candle_chart
from actors.patterns.charts.digest import chart_hash
from actors.patterns.charts.grey import LAYOUTS, grey_chart
from actors.patterns.charts.png import png
from actors.patterns.charts.several import several_intervals
from actors.patterns.memory import BarMemory, Stream
from events.codecs.json import decode_step
from events.journal import Journal
from runtime.config import parse_spec
from runtime.files import write_whole
from schemas.cell import CellStarted
from schemas.envelope import AnyEvent, Step
from schemas.errors import UserError
from schemas.market import Bar
from schemas.pattern import PatternAbstained, PatternRecognised, PatternRequested
from schemas.quantities import Nanoseconds

_POSITION: Final = re.compile(r"(?:.*:)?(\d+)\.(\d+)")
_BEFORE: Final = 20
_LEAST: Final = 40
"""Candles before a formation that a person wants to see too, and candles of a picture."""

type Picture = NDArray[np.uint8]
type _Drawing = Callable[[str, Candles], Picture]


class NoPattern(UserError):
    """A name means no answer of a recogniser, or its picture cannot be made again."""


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of a recogniser.

    Attributes:
        position: ``run:seq.index``.
        pattern: empty for an abstention; reason: empty for a recognition.
        begins, horizon, confidence: as in ``pattern.recognised``.
    """

    position: str
    id: str
    ts: Nanoseconds
    instrument: str
    interval: str
    recogniser: str
    pattern: str = ""
    direction: str = ""
    confidence: float | None = None
    calibrated: bool = False
    begins: Nanoseconds | None = None
    horizon: Nanoseconds = 0
    latency: Nanoseconds = 0
    reason: str = ""
    detail: str = ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, and what its picture is.

    Attributes:
        seen: ``picture`` when the recogniser looked at these very pixels, ``numbers`` when it
            looked at the numbers behind them.
        chart_hash: of the picture.
    """

    sighting: Sighting
    seen: str
    bars: int
    chart_hash: str


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """An answer and the file that its picture is in."""

    picture: str
    answer: Shown


@dataclass(frozen=True, slots=True)
class _Answer:
    step: Step
    index: int

    @property
    def event(self) -> AnyEvent:
        return self.step.events[self.index]


def sightings(journal: Journal) -> Iterator[Sighting]:
    """Every answer in a journal, in its order."""
    for answer in _answers(_steps(journal)):
        yield _sighting(answer)


def shown(journal: Journal, name: str) -> tuple[Shown, Picture]:
    """The answer of that position (``seq.index``, with or without the run) or id, or the only one
    whose id begins so, with its picture.

    Raises:
        NoPattern: see there.
    """
    answer = _named(journal, name)
    payload = answer.event.payload
    assert isinstance(payload, PatternRecognised | PatternAbstained), "only answers are named"
    candles = _window(journal, answer, payload)
    sighting = _sighting(answer)
    picture, seen = _picture(payload, candles)
    about = Shown(sighting=sighting, seen=seen, bars=len(candles), chart_hash=chart_hash(picture))
    return about, picture


def draw(journal: Journal, name: str, to: Path) -> Drawn:
    """Write the picture of an answer into a file, or into a folder under a name of its own.

    Raises:
        NoPattern: as ``shown``.
        Unwritten: the file cannot be written.
    """
    about, picture = shown(journal, name)
    file = to / f"pattern-{about.sighting.id}.png" if to.is_dir() else to
    write_whole(file, png(picture))
    return Drawn(picture=str(file), answer=about)


def _steps(journal: Journal) -> Iterator[Step]:
    return (decode_step(record.body) for record in journal.records())


def _answers(steps: Iterator[Step]) -> Iterator[_Answer]:
    for step in steps:
        for index, event in enumerate(step.events):
            if isinstance(event.payload, PatternRecognised | PatternAbstained):
                yield _Answer(step, index)


def _named(journal: Journal, name: str) -> _Answer:
    place = _POSITION.fullmatch(name)
    found = [
        answer
        for answer in _answers(_steps(journal))
        if (place and (answer.step.seq, answer.index) == (int(place[1]), int(place[2])))
        or (not place and answer.event.id.startswith(name))
    ]
    if len(found) != 1:
        there = "more than one answer begins so" if found else "no answer of a recogniser"
        raise NoPattern(f"pattern {name!r}: {there}; `wakeline patterns list` shows them")
    return found[0]


def _window(
    journal: Journal, answer: _Answer, payload: PatternRecognised | PatternAbstained
) -> Candles:
    """The bars that the answer is about, by what the journal holds up to it."""
    history = list(takewhile(lambda step: step.seq <= answer.step.seq, _steps(journal)))
    events = (event for step in history for event in step.events)
    asked = next((event for event in events if event.id == payload.request), None)
    stream: Stream | None = None
    count, told = 0, ""
    match asked.payload if asked else None:
        case PatternRequested() as request:
            stream, count, told = Stream.of(request), request.bars, request.window_hash
        case Bar() as bar:
            stream, count = Stream.of(bar), _bars_of(history, payload)
            told = payload.feature_hash if isinstance(payload, PatternRecognised) else ""
        case _:
            pass
    if asked is None or stream is None or not count:
        raise NoPattern(f"pattern {answer.event.id}: the journal does not name the bars behind it")
    memory = BarMemory([stream], count)
    for step in history:
        if isinstance(step.input.payload, Bar) and step.ts <= asked.ts:
            memory.note(step.input.payload)
    candles = memory.candles(stream, asked.ts)
    if told and candles.digest() != told:
        raise NoPattern(f"pattern {answer.event.id}: its bars are not all in this journal")
    return candles


def _bars_of(history: Sequence[Step], payload: PatternRecognised | PatternAbstained) -> int:
    """How many bars a question of a recogniser in the cell holds, by the run's configuration."""
    started = next(
        step.input.payload for step in history if isinstance(step.input.payload, CellStarted)
    )
    fitting = (
        config.bars
        for config in parse_spec(started.configuration).config.patterns
        if (config.use, config.interval) == (payload.recogniser, payload.interval)
    )
    return next(fitting, None) or 0


def _grey(interval: str, candles: Candles, *, bars: int) -> Picture:  # noqa: ARG001  # as the others
    return grey_chart(candles, bars)


_DRAWINGS: Final[Mapping[str, _Drawing]] = MappingProxyType(
    {"several": several_intervals} | {f"grey {bars}": partial(_grey, bars=bars) for bars in LAYOUTS}
)
"""Every picture that a recogniser may have looked at; its hash tells which it was."""


def _picture(
    payload: PatternRecognised | PatternAbstained, candles: Candles
) -> tuple[Picture, str]:
    wanted = payload.chart_hash if isinstance(payload, PatternRecognised) else ""
    for draw in _DRAWINGS.values() if wanted else ():
        try:
            picture = draw(payload.interval, candles)
        except UnfitBars:
            continue
        if chart_hash(picture) == wanted:
            return picture, "picture"
    begins = len(candles) - 1
    if isinstance(payload, PatternRecognised) and payload.begins:
        begins = int(np.searchsorted(candles.ts_close, payload.begins))
    first = max(min(begins - _BEFORE, len(candles) - _LEAST), 0)
    part = Part(payload.interval, candles[first:], begins - first)
    return candle_chart([part]), "numbers"


def _sighting(answer: _Answer) -> Sighting:
    event, payload = answer.event, answer.event.payload
    assert isinstance(payload, PatternRecognised | PatternAbstained), "only answers are shown"
    common = {
        "position": f"{answer.step.run}:{answer.step.seq}.{answer.index}",
        "id": event.id,
        "ts": event.ts,
    }
    known = {name: getattr(payload, name) for name in payload.__struct_fields__}
    taken = {name: known[name] for name in Sighting.__struct_fields__ if name in known}
    return Sighting(**{**common, **taken})
