"""What the market did during a run: prices by instrument, and how good the data was."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

import msgspec
import numpy as np

from events.batches import BatchKind, MarketRecord
from events.codecs.json import decode_payload
from events.market_log import MarketLog
from runtime.report.bands import BandSketch
from runtime.report.data import Band, DataQuality, MarketGap, Numbers, Times
from schemas.envelope import Slice
from schemas.market import Gap, Refused

STRETCHES_MAX: Final = 16_384
"""Stretches of one instrument's prices: enough to zoom in tenfold, in half a megabyte of page."""


class Ranges:
    """Folds slices into the stretch of each source that was consumed."""

    def __init__(self) -> None:
        self._ends: Final[dict[str, tuple[int, int]]] = {}

    def add(self, slices: Iterable[Slice]) -> None:
        """Take a step's slices."""
        for cut in slices:
            first, last = self._ends.get(cut.source, (cut.from_seq, cut.to_seq))
            self._ends[cut.source] = (min(first, cut.from_seq), max(last, cut.to_seq))

    def slices(self) -> tuple[Slice, ...]:
        """One slice a source, in order of name."""
        return tuple(Slice(source, *ends) for source, ends in sorted(self._ends.items()))


class Market:
    """Folds market records; memory does not grow with their number, gaps aside."""

    def __init__(self) -> None:
        self.precisions: Final[dict[str, int]] = {}
        self._sketches: Final[defaultdict[str, BandSketch]] = defaultdict(
            lambda: BandSketch(STRETCHES_MAX)
        )
        self._rows: Final[Counter[str]] = Counter()
        self._refused: Final[Counter[tuple[str, str]]] = Counter()
        self._gaps: Final[list[MarketGap]] = []

    def read(self, market_log: MarketLog, slices: Iterable[Slice]) -> None:
        """Take in every record of the slices, and the facts right before and behind them.

        A feed records what it refused in front of the rows that it took, and at last behind them.
        """
        for cut in slices:
            for record in _facts_before(market_log, cut):
                self._facts(record)
            for record in market_log.read(cut.source, cut.from_seq, cut.to_seq):
                self._add(record)
            for record in market_log.read(cut.source, cut.to_seq + 1):
                if record.kind is not BatchKind.FACTS:
                    break
                self._facts(record)

    @property
    def instruments(self) -> tuple[str, ...]:
        """Instruments that had prices, in order of name."""
        return tuple(sorted(self._sketches))

    def ticks(self, instrument: str) -> int:
        """How many rows told its price."""
        return self._sketches[instrument].rows

    def price(self, instrument: str) -> Band:
        """Its mid, trade price, or bars' range over time."""
        return self._sketches[instrument].band()

    def quality(self) -> DataQuality:
        """What the sources gave."""
        return DataQuality(
            rows=tuple(sorted(self._rows.items())),
            refused=tuple((*key, count) for key, count in sorted(self._refused.items())),
            gaps=tuple(self._gaps),
        )

    def _add(self, record: MarketRecord) -> None:
        if record.kind is BatchKind.FACTS:
            self._facts(record)
            return
        self._rows[record.source] += record.rows
        terms = record.terms
        self.precisions[terms.instrument] = terms.price_precision
        self._sketches[terms.instrument].add(_times(record), *_prices(record))

    def _facts(self, record: MarketRecord) -> None:
        columns = (record.batch.column(name).to_pylist() for name in ("kind", "version", "payload"))
        for kind, version, payload in zip(*columns, strict=True):
            if kind == Refused.KIND:
                self._refused[record.source, _reason(payload.encode())] += 1
            elif kind == Gap.KIND:
                self._gap(decode_payload(kind, version, payload.encode()))

    def _gap(self, gap: object) -> None:
        assert isinstance(gap, Gap)
        self._gaps.append(
            MarketGap(
                instrument=gap.instrument,
                start=gap.ts_from,
                end=gap.ts_to,
                expected=gap.expected,
            )
        )


def _facts_before(market_log: MarketLog, cut: Slice) -> list[MarketRecord]:
    """Records of facts after which the slice's first row comes."""
    found: list[MarketRecord] = []
    for record in market_log.read(cut.source, 0, cut.from_seq - 1):
        if record.kind is BatchKind.FACTS:
            found.append(record)
        else:
            found.clear()
    return found


class _Reason(msgspec.Struct):
    reason: str


def _reason(payload: bytes) -> str:
    return msgspec.json.decode(payload, type=_Reason).reason


def _times(record: MarketRecord) -> Times:
    times: Times = record.batch.column("ts_event").cast("int64").to_numpy()
    return times


def _prices(record: MarketRecord) -> tuple[Numbers, Numbers, Numbers]:
    """Low, high and last of each row."""
    match record.kind:
        case BatchKind.QUOTES:
            mid = _mid(record, "bid", "ask")
            return mid, mid, mid
        case BatchKind.TRADES:
            price = _column(record, "price")
            return price, price, price
        case BatchKind.TRADE_BARS:
            return _column(record, "low"), _column(record, "high"), _column(record, "close")
        case BatchKind.QUOTE_BARS:
            return (
                _mid(record, "bid_low", "ask_low"),
                _mid(record, "bid_high", "ask_high"),
                _mid(record, "bid_close", "ask_close"),
            )
        case BatchKind.FACTS:
            raise ValueError("facts have no prices")


def _mid(record: MarketRecord, bid: str, ask: str) -> Numbers:
    return (_column(record, bid) + _column(record, ask)) / 2


def _column(record: MarketRecord, name: str) -> Numbers:
    mantissas: Times = record.batch.column(name).to_numpy()
    return mantissas / np.float64(10**record.terms.price_precision)
