"""The numbers behind the interactive charts, as JSON that can stand inside an HTML page.

Times are whole stretches since the first one; values are integers in units of ``10**-digits``. Both
keep a week of ticks in some hundred kilobytes.
"""

from decimal import Decimal
from typing import Final

import msgspec
import numpy as np
from markupsafe import Markup

from runtime.report.data import (
    Account,
    Band,
    Fill,
    InstrumentChart,
    Level,
    Numbers,
    PatternMark,
    ReportData,
)

NS_PER_MS: Final = 1_000_000
MONEY_DIGITS: Final = 2
DRAWDOWN_DIGITS: Final = 6


class Series(msgspec.Struct, frozen=True):
    """A band: it starts at ``start_ms``, stretch ``at[i]`` of ``width_ms`` lies in low..high."""

    start_ms: int
    width_ms: int
    digits: int
    at: list[int]
    low: list[int]
    high: list[int]
    last: list[int]


class Mark(msgspec.Struct, frozen=True):
    """A fill as it is drawn."""

    ms: int
    price: Decimal
    side: str
    quantity: Decimal
    order: str
    opens: bool


class Line(msgspec.Struct, frozen=True):
    """A working order as it is drawn: (ms, price) at each change."""

    order: str
    role: str
    points: list[tuple[int, Decimal]]
    end_ms: int


class Sight(msgspec.Struct, frozen=True):
    """A pattern as it is drawn."""

    ms: int
    from_ms: int
    price: Decimal
    direction: str
    says: str
    id: str


class ChartModel(msgspec.Struct, frozen=True):
    """One instrument."""

    name: str
    digits: int
    price: Series
    fills: list[Mark]
    levels: list[Line]
    patterns: list[Sight]


class AccountModel(msgspec.Struct, frozen=True):
    """One account."""

    name: str
    currency: str
    equity: Series
    drawdown: Series


class TimelineModel(msgspec.Struct, frozen=True):
    """What the script of the page draws."""

    charts: list[ChartModel]
    accounts: list[AccountModel]


_encode: Final = msgspec.json.Encoder(decimal_format="number").encode


def timeline_json(data: ReportData) -> Markup:
    """The model as JSON without a character that could end the element that holds it."""
    model = TimelineModel(
        charts=[_chart(chart) for chart in data.charts],
        accounts=[_account(account) for account in data.accounts],
    )
    text = _encode(model).decode()
    # JSON has these characters in strings only, where they may be written as escapes.
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _chart(chart: InstrumentChart) -> ChartModel:
    return ChartModel(
        name=chart.instrument,
        digits=chart.precision,
        price=_series(chart.price, chart.precision + 1),
        fills=[_mark(fill) for fill in chart.fills],
        levels=[_line(level) for level in chart.levels],
        patterns=[_sight(pattern) for pattern in chart.patterns],
    )


def _account(account: Account) -> AccountModel:
    return AccountModel(
        name=account.name,
        currency=account.currency,
        equity=_series(account.equity, MONEY_DIGITS),
        drawdown=_series(account.drawdown, DRAWDOWN_DIGITS),
    )


def _series(band: Band, digits: int) -> Series:
    first = int(band.times[0]) if band.times.size else 0
    return Series(
        start_ms=first // NS_PER_MS,
        width_ms=band.width // NS_PER_MS,
        digits=digits,
        at=((band.times - first) // band.width).tolist(),
        low=_mantissas(band.low, digits),
        high=_mantissas(band.high, digits),
        last=_mantissas(band.last, digits),
    )


def _mantissas(values: Numbers, digits: int) -> list[int]:
    mantissas: list[int] = np.rint(values * 10.0**digits).astype(np.int64).tolist()
    return mantissas


def _mark(fill: Fill) -> Mark:
    return Mark(
        ms=fill.ts // NS_PER_MS,
        price=fill.price,
        side=fill.side.value,
        quantity=fill.quantity,
        order=fill.order,
        opens=fill.opens,
    )


def _line(level: Level) -> Line:
    return Line(
        order=level.order,
        role=level.role,
        points=[(ts // NS_PER_MS, price) for ts, price in level.prices],
        end_ms=level.end // NS_PER_MS,
    )


def _sight(mark: PatternMark) -> Sight:
    sure = "" if mark.confidence is None else f", {mark.confidence:.2f}"
    return Sight(
        ms=mark.ts // NS_PER_MS,
        from_ms=mark.begins // NS_PER_MS,
        price=mark.price,
        direction=mark.direction,
        says=f"{mark.pattern.replace('_', ' ')} {mark.direction}, {mark.recogniser}{sure}",
        id=mark.id,
    )
