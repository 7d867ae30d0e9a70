"""Everything that a report shows. Times are UTC nanoseconds; amounts are exact."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from schemas.order import Side
from schemas.pattern import Direction
from schemas.quantities import Nanoseconds

type Numbers = NDArray[np.float64]
type Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """A series too long to draw, as stretches of time in which it stayed between two values.

    Attributes:
        times: start of each stretch that holds a value, ascending.
        width: length of every stretch.
        low, high, last: least, greatest and last value in each.
    """

    times: Times
    width: Nanoseconds
    low: Numbers
    high: Numbers
    last: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """A trade of ours; ``opens`` when the position grew or turned."""

    ts: Nanoseconds
    order: str
    side: Side
    quantity: Decimal
    price: Decimal
    commission: Decimal
    currency: str
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The price of a working order over time: (ts, price) at each change, up to ``end``."""

    order: str
    role: Literal["stop", "limit"]
    prices: tuple[tuple[Nanoseconds, Decimal], ...]
    end: Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternMark:
    """A pattern that was seen at ``ts``, in bars from ``begins`` on.

    Attributes:
        price: close of the last bar then.
        confidence: ``None`` unless it is calibrated.
    """

    id: str
    begins: Nanoseconds
    ts: Nanoseconds
    price: Decimal
    pattern: str
    direction: Direction
    recogniser: str
    confidence: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentChart:
    """One instrument's market and what was done in it."""

    instrument: str
    precision: int
    ticks: int
    price: Band
    fills: tuple[Fill, ...]
    levels: tuple[Level, ...]
    patterns: tuple[PatternMark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account's equity; ``drawdown`` is a fraction of the peak, 0 to 1."""

    name: str
    currency: str
    equity: Band
    drawdown: Band
    start: Decimal
    end: Decimal
    drawdown_max: float
    months: tuple["MonthReturn", ...]
    days: tuple["DayReturn", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReturn:
    """Change of equity in a calendar month (UTC), as a fraction of its start."""

    year: int
    month: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReturn:
    """Change of equity in a day (UTC) that had a valuation; ``day`` counts from 1970-01-01."""

    day: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip:
    """A position from flat to flat, or until it turned.

    Attributes:
        entry: average open price; quantity: the most that was held.
        profit: after commissions; value: profit as a fraction of the entry notional.
    """

    instrument: str
    strategy: str
    side: Side
    opened: Nanoseconds
    closed: Nanoseconds
    quantity: Decimal
    entry: Decimal
    profit: Decimal
    currency: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """An order that risk stopped."""

    ts: Nanoseconds
    order: str
    instrument: str
    side: Side
    quantity: Decimal
    rule: str
    limit: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A signal that a rule stopped before it became an order."""

    ts: Nanoseconds
    author: str
    instrument: str
    direction: str
    rule: str
    limit: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """An order, or a leg of one, that the venue refused."""

    ts: Nanoseconds
    order: str
    instrument: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketGap:
    """A silence of the market that was longer than allowed."""

    instrument: str
    start: Nanoseconds
    end: Nanoseconds
    expected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuality:
    """What the sources gave: rows by source, refused rows by (source, reason), and gaps."""

    rows: tuple[tuple[str, int], ...]
    refused: tuple[tuple[str, str, int], ...]
    gaps: tuple[MarketGap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLatency:
    """Time from one event of an order to the next, in market time."""

    stage: str
    count: int
    p50_ms: float
    p95_ms: float
    max_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What ran, and the commands that run it again and verify it."""

    run: str
    cell: str
    state: str
    commands: tuple[str, ...]
    version: str
    code_hash: str
    config_hash: str
    decision_hash: str
    configuration: str
    deciders: tuple[str, ...]
    steps: int
    first_ts: Nanoseconds
    last_ts: Nanoseconds
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """All of a report; ``statistics`` are (group, name, value as text)."""

    facts: RunFacts
    charts: tuple[InstrumentChart, ...]
    accounts: tuple[Account, ...]
    round_trips: tuple[RoundTrip, ...]
    vetoes: tuple[Veto, ...]
    withheld: tuple[Withheld, ...]
    rejections: tuple[Rejection, ...]
    quality: DataQuality
    latency: tuple[StageLatency, ...]
    statistics: tuple[tuple[str, str, str], ...]
