"""What is in a set of paths: files in order of time, a stream for each instrument and kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from actors.feeds.errors import FeedError, NotMarketData, Unreadable, missing
from actors.feeds.formats.catalogue import AUTO, FORMATS, format_named, format_of
from actors.feeds.formats.format import FileFormat, FileOptions, Part
from actors.feeds.instruments import InstrumentDefinition, defined, find, widened
from actors.feeds.intervals import interval_ns
from actors.feeds.rows import Block, Place
from actors.feeds.symbols import names_same
from actors.feeds.text.layout import Precision
from events.batches import BatchKind
from schemas.market import Instrument


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of the files is wanted, and what they do not say about themselves.

    Attributes:
        instruments: symbols such as ``EUR/USD``; empty for all that the files name.
        venue: where they trade; empty for what the files' folders say.
        definitions: the user's own instruments.
    """

    instruments: tuple[str, ...] = ()
    venue: str = ""
    definitions: tuple[InstrumentDefinition, ...] = ()
    files: FileOptions = FileOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSet:
    """Files of one instrument and kind, in order of the time that they cover: one source."""

    instrument: Instrument
    kind: BatchKind
    interval: str
    side: str
    parts: tuple[Part, ...]

    @property
    def precision(self) -> Precision:
        """Decimal places of the mantissas."""
        return Precision(self.instrument.price_precision, self.instrument.size_precision)


@dataclass(frozen=True, slots=True)
class _Broken:
    """Stands for a file that the survey could not look into; reading it fails as the survey did."""

    name: str
    error: Unreadable

    def price_decimals(self) -> int:
        return 0

    def blocks(self, precision: Precision, start: Place) -> Iterator[Block]:  # noqa: ARG002
        raise self.error


type _Stream = tuple[str, str, BatchKind, str, str]


def survey(paths: Sequence[Path], wanted: Wanted) -> tuple[FileSet, ...]:
    """The sets of files behind paths; directories give all market data in and below them.

    A damaged file is part of every set, behind the sound ones, so that reading reports it there.

    Raises:
        FeedError: a path is missing or no market data, an instrument is not in any file or not
            known, or the files leave something open that must be said.
    """
    streams: dict[_Stream, list[Part]] = {}
    damaged: list[tuple[Path, Unreadable]] = []
    symbols: set[str] = set()
    for path, named in _expanded(paths):
        try:
            parts = _parts(path, wanted, named=named)
        except Unreadable as error:
            damaged.append((path, error))
            continue
        except NotMarketData:
            if named:
                raise
            continue
        symbols.update(part.symbol for part in parts)
        chosen = [part for part in parts if _is_wanted(part, wanted)]
        if named and parts and not chosen:
            raise FeedError(f"{path}: holds {_listed(symbols)}, not {_listed(wanted.instruments)}")
        for part in chosen:
            streams.setdefault(_stream(part, wanted), []).append(part)
    if not streams:
        raise damaged[0][1] if damaged else FeedError(_nothing(paths, symbols, wanted))
    return tuple(
        _file_set(stream, parts, damaged, wanted) for stream, parts in sorted(streams.items())
    )


def _expanded(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Every file, and whether the user named it or a directory above it."""
    for path in paths:
        if path.is_dir():
            yield from ((file, False) for file in sorted(path.rglob("*")) if file.is_file())
        elif path.is_file():
            yield path, True
        else:
            raise missing(path)


def _parts(path: Path, wanted: Wanted, *, named: bool) -> Sequence[Part]:
    chosen: FileFormat | None
    if wanted.files.format != AUTO:
        chosen = format_named(wanted.files.format)
        if not named and not chosen.claims(path):
            return ()
    else:
        chosen = format_of(path)
    if chosen is None:
        if named:
            names = ", ".join(known.name for known in FORMATS)
            raise FeedError(f"{path}: of no known format; say which it is: {names}")
        return ()
    symbol = wanted.instruments[0] if len(wanted.instruments) == 1 else wanted.files.symbol
    parts = chosen.parts(path, msgspec.structs.replace(wanted.files, symbol=symbol))
    _require_interval(parts, wanted.files.interval)
    return parts


def _require_interval(parts: Sequence[Part], given: str) -> None:
    """What the user says of bars must not contradict what their files say."""
    for part in parts:
        if given and part.interval and interval_ns(part.interval) != interval_ns(given):
            raise FeedError(
                f"{part.path}: its bars are of {part.interval}, not of {given} (--interval)"
            )


def _is_wanted(part: Part, wanted: Wanted) -> bool:
    if not wanted.instruments or not part.symbol:
        return True
    return any(names_same(part.symbol, name) for name in wanted.instruments)


def _stream(part: Part, wanted: Wanted) -> _Stream:
    """Which stream a part belongs to: symbol, venue, kind, interval, side."""
    symbol = part.symbol
    if wanted.instruments:
        fitting = [name for name in wanted.instruments if names_same(name, symbol)]
        if not symbol and len(wanted.instruments) > 1:
            raise FeedError(
                f"{part.path}: does not say which of {_listed(wanted.instruments)} it holds:"
                " ingest the instruments one by one"
            )
        symbol = fitting[0] if fitting else wanted.instruments[0]
    venue = (wanted.venue or part.venue).upper()
    if not symbol or not venue:
        lacking = "instrument" if not symbol else "venue"
        raise FeedError(f"{part.path}: does not say its {lacking}: give it (--{lacking})")
    return symbol, venue, part.kind, part.interval, part.side


def _file_set(
    stream: _Stream,
    parts: Sequence[Part],
    damaged: Sequence[tuple[Path, Unreadable]],
    wanted: Wanted,
) -> FileSet:
    symbol, venue, kind, interval, side = stream
    instrument = find(symbol, venue, wanted.definitions)
    if not defined(symbol, venue, wanted.definitions):
        instrument = widened(instrument, max(map(_decimals, parts)))
    broken = [
        Part(path=path, symbol="", venue="", kind=kind, reader=_Broken(error.file, error))
        for path, error in damaged
    ]
    # A stable sort: files that do not tell their time stay in the order given, behind those that
    # do.
    ordered = sorted(parts, key=lambda part: (part.starts is None, part.starts or 0))
    return FileSet(
        instrument=instrument, kind=kind, interval=interval, side=side, parts=(*ordered, *broken)
    )


def _decimals(part: Part) -> int:
    try:
        return part.reader.price_decimals()
    except Unreadable:
        # Reading the part says what is wrong with it, in its turn.
        return 0


def _nothing(paths: Sequence[Path], symbols: set[str], wanted: Wanted) -> str:
    places = ", ".join(map(str, paths))
    if symbols and wanted.instruments:
        return f"{places}: holds {_listed(symbols)}, not {_listed(wanted.instruments)}"
    return f"{places}: no market data found"


def _listed(names: Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(names))
