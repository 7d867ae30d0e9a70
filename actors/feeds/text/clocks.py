"""How a column of text says when something happened."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import IntEnum
from typing import Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from actors.feeds.rows import Bools, Int64s
from actors.feeds.text.decimals import Excess, mantissas
from actors.feeds.text.zones import UTC as UTC_ZONE
from actors.feeds.text.zones import to_utc
from schemas.quantities import nanoseconds

DAY_NS: Final = 86_400_000_000_000
_YEAR_2200_NS: Final = nanoseconds(datetime(2200, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Times:
    """UTC nanoseconds, and the cells that are no time.

    Attributes:
        faults: reason by index.
        foreign: index of the first cell in another time zone than the cells before, if any.
    """

    values: Int64s
    faults: Mapping[int, str] = field(default_factory=dict)
    foreign: int | None = None


class Clock(Protocol):
    """Reads one way of writing time."""

    def read(self, texts: pa.StringArray, later_ns: int = 0) -> Times:
        """When each row happened, and ``later_ns`` after that by the clock's own zone."""
        ...


class EpochUnit(IntEnum):
    """Of numbers that count from 1970: their power of ten."""

    SECONDS = 9
    MILLISECONDS = 6
    MICROSECONDS = 3
    NANOSECONDS = 0


def epoch_unit(text: str) -> EpochUnit:
    """The unit by the number's magnitude: each unit's range is that of the years 1973 to 5138."""
    digits = len(text.partition(".")[0].lstrip("+-0"))
    if digits <= 11:
        return EpochUnit.SECONDS
    if digits <= 14:
        return EpochUnit.MILLISECONDS
    return EpochUnit.MICROSECONDS if digits <= 17 else EpochUnit.NANOSECONDS


@dataclass(frozen=True, slots=True)
class Epoch:
    """Numbers that count from 1970-01-01 UTC, whole or with decimals."""

    unit: EpochUnit

    def read(self, texts: pa.StringArray, later_ns: int = 0) -> Times:
        found = mantissas(texts, self.unit, Excess.ROUND)
        return _within_reason(found.values + later_ns, found.faults)


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """Milliseconds since midnight of a known day, by the wall clock of a zone."""

    day: date
    zone: str

    def read(self, texts: pa.StringArray, later_ns: int = 0) -> Times:
        found = mantissas(texts, EpochUnit.MILLISECONDS, Excess.ROUND)
        outside = (found.values < 0) | (found.values > DAY_NS)
        faults = dict.fromkeys(np.flatnonzero(outside).tolist(), "time_out_of_range")
        midnight = (self.day - date(1970, 1, 1)).days * DAY_NS
        return Times(_later(midnight + found.values, later_ns, self.zone), faults | found.faults)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Wall-clock times in a fixed form, such as ``%Y%m%d %H:%M``."""

    form: str
    zone: str

    def read(self, texts: pa.StringArray, later_ns: int = 0) -> Times:
        parsed = pc.strptime(texts, format=self.form, unit="s", error_is_null=True)
        faults = dict.fromkeys(_indices(parsed.is_null()), "not_a_time")
        wall = np.asarray(parsed.view(pa.int64()).fill_null(0)) * 10**9
        return Times(_later(wall, later_ns, self.zone), faults)


_OFFSET: Final = re.compile(r"(?:Z|[+-]\d\d:?(?:\d\d)?)$")


def offset_of(text: str) -> str:
    """The UTC offset at the end of an ISO 8601 time; empty when it has none."""
    found = _OFFSET.search(text, 11)
    if found is None:
        return ""
    offset = found.group()
    return "+00:00" if offset == "Z" else f"{offset[:3]}:{offset[3:].lstrip(':') or '00'}"


@dataclass(frozen=True, slots=True)
class Iso8601:
    """ISO 8601 times.

    Attributes:
        offset: the offset that every cell must have, as ``offset_of`` says; empty for none. A cell
            with another one is foreign: nobody can tell which clock a file with two of them meant.
        zone: of times without offset. When it is set, offsets are taken as they come.
    """

    offset: str
    zone: str = ""

    def read(self, texts: pa.StringArray, later_ns: int = 0) -> Times:
        texts = pc.replace_substring_regex(pc.utf8_trim_whitespace(texts), " ?UTC$", "Z")
        aware = pc.match_substring_regex(texts, r"^.{11,}(Z|[+-]\d\d:?(\d\d)?)$")
        aware = np.asarray(aware.to_numpy(zero_copy_only=False), dtype=np.bool_)
        instants, aware_faults = _parsed(texts, aware, pa.timestamp("ns", tz="UTC"))
        wall, naive_faults = _parsed(texts, ~aware, pa.timestamp("ns"))
        naive = _later(wall, later_ns, self.zone or UTC_ZONE)
        values = np.where(aware, _later(instants, later_ns, UTC_ZONE), naive)
        faults = aware_faults | naive_faults
        return Times(values, faults, None if self.zone else self._foreign(texts, faults))

    def _foreign(self, texts: pa.StringArray, faults: Mapping[int, str]) -> int | None:
        offsets = pc.extract_regex(texts, r"^.{11,}?(?P<offset>Z|[+-]\d\d:?(?:\d\d)?)?$")
        names = pc.struct_field(offsets, "offset").fill_null("").dictionary_encode()
        same = [offset_of(f"{'':11}{name.as_py()}") == self.offset for name in names.dictionary]
        strange = ~np.asarray(same, dtype=np.bool_)[np.asarray(names.indices)]
        return next((i for i in np.flatnonzero(strange).tolist() if i not in faults), None)


def clock_for(first: str, zone: str) -> Clock:
    """The clock that reads a column whose first time is known: numbers since 1970, or ISO 8601."""
    if not mantissas(pa.array([first]), 0, Excess.ROUND).faults:
        return Epoch(epoch_unit(first))
    return Iso8601(offset_of(first), zone)


def _parsed(
    texts: pa.StringArray, chosen: Bools, kind: pa.DataType
) -> tuple[Int64s, dict[int, str]]:
    values = np.zeros(len(texts), dtype=np.int64)
    places = np.flatnonzero(chosen)
    if len(places) == 0:
        return values, {}
    cells = texts if chosen.all() else texts.filter(pa.array(chosen))
    try:
        values[places] = np.asarray(pc.cast(cells, kind).view(pa.int64()))
        return values, {}
    except pa.ArrowInvalid:
        faults = {}
        for place, cell in zip(places.tolist(), cells, strict=True):
            try:
                values[place] = pc.cast(cell, kind).value
            except pa.ArrowInvalid:
                faults[place] = "not_a_time" if cell.as_py() else "missing"
        return values, faults


def _later(wall: Int64s, later_ns: int, zone: str) -> Int64s:
    """A day later is the same wall-clock time on the next day; an hour later is an hour later."""
    if later_ns % DAY_NS == 0:
        return to_utc(wall + later_ns, zone)
    return to_utc(wall, zone) + later_ns


def _within_reason(values: Int64s, faults: Mapping[int, str]) -> Times:
    outside = (values <= 0) | (values > _YEAR_2200_NS)
    found = dict.fromkeys(np.flatnonzero(outside).tolist(), "time_out_of_range")
    return Times(values, found | dict(faults))


def _indices(mask: pa.BooleanArray) -> list[int]:
    return np.flatnonzero(mask.to_numpy(zero_copy_only=False)).tolist()
