"""Real market data as market records, read straight from the files' numbers."""

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from actors.execution.venue import Window
from events.batches import LAYOUTS, TIME, BatchKind, MarketRecord, Terms
from schemas.market import AssetClass, Instrument

type Int64s = NDArray[np.int64]

SAMPLES = Path(__file__).parents[1] / "samples"
SHARED = Path(__file__).parents[3] / "shared" / "data"
MS = 1_000_000
HOUR = 3_600_000 * MS

EURUSD = Instrument(
    id="EUR/USD.FXCM",
    asset_class=AssetClass.FX,
    base_currency="EUR",
    quote_currency="USD",
    price_precision=5,
    size_precision=0,
    tick_size=Decimal("0.00001"),
    lot_size=Decimal(1),
    maker_fee=Decimal("0.00002"),
    taker_fee=Decimal("0.00002"),
)
OANDA_EURUSD = Instrument(
    id="EUR/USD.OANDA",
    asset_class=AssetClass.FX,
    base_currency="EUR",
    quote_currency="USD",
    price_precision=5,
    size_precision=0,
    tick_size=Decimal("0.00001"),
    lot_size=Decimal(1),
)
XAUUSD = Instrument(
    id="XAU/USD.OANDA",
    asset_class=AssetClass.CFD,
    quote_currency="USD",
    price_precision=3,
    size_precision=0,
    tick_size=Decimal("0.001"),
    lot_size=Decimal(1),
    taker_fee=Decimal("0.0001"),
)
SPY = Instrument(
    id="SPY.ARCA",
    asset_class=AssetClass.EQUITY,
    quote_currency="USD",
    price_precision=4,
    size_precision=0,
    tick_size=Decimal("0.0001"),
    lot_size=Decimal(1),
    taker_fee=Decimal("0.00005"),
)
GC = Instrument(
    id="GCZ3.COMEX",
    asset_class=AssetClass.FUTURE,
    quote_currency="USD",
    price_precision=1,
    size_precision=0,
    tick_size=Decimal("0.1"),
    lot_size=Decimal(1),
    multiplier=Decimal(100),
    activation=0,
    expiry=int(datetime(2013, 12, 27, tzinfo=UTC).timestamp()) * 1000 * MS,
)
FILUSDT = Instrument(
    id="FILUSDT.BINANCE",
    asset_class=AssetClass.CRYPTO_PERPETUAL,
    base_currency="FIL",
    quote_currency="USDT",
    price_precision=3,
    size_precision=1,
    tick_size=Decimal("0.001"),
    lot_size=Decimal("0.1"),
    maker_fee=Decimal("0.0002"),
    taker_fee=Decimal("0.0004"),
)


def shared(path: str) -> Path:
    """A file of the samples or of the shared data, or a skip where it is in neither."""
    for folder in (SAMPLES, SHARED):
        if (folder / path).exists():
            return folder / path
    pytest.skip("shared data not present")


def eurusd_ticks(day: str = "20140508") -> MarketRecord:
    """FXCM's EURUSD quotes of a day, which the file counts in New York's winter time."""
    rows = _csv(shared(f"lean/forex/fxcm/tick/eurusd/{day}_quote.zip"))
    times = _midnight(day) + 5 * HOUR + rows[:, 0].astype(np.int64) * MS
    return quotes(EURUSD, "fxcm", times, _mantissas(rows[:, 1], 5), _mantissas(rows[:, 2], 5))


def oanda_ticks() -> MarketRecord:
    """Oanda's EURUSD quotes of 2014-05-05; one of the samples, so always there."""
    rows = _csv(shared("lean/forex/oanda/tick/eurusd/20140505_quote.zip"))
    times = _midnight("20140505") + np.rint(rows[:, 0].astype(float)).astype(np.int64) * MS
    bid, ask = (_mantissas(rows[:, number], 5) for number in (1, 2))
    return quotes(OANDA_EURUSD, "oanda", times, bid, ask)


def xauusd_ticks() -> MarketRecord:
    """Oanda's XAUUSD quotes of 2014-05-07."""
    rows = _csv(shared("lean/cfd/oanda/tick/xauusd/20140507_quote.zip"))
    times = _midnight("20140507") + np.rint(rows[:, 0].astype(float)).astype(np.int64) * MS
    return quotes(XAUUSD, "oanda", times, _mantissas(rows[:, 1], 3), _mantissas(rows[:, 2], 3))


def spy_trades() -> MarketRecord:
    """SPY's trades of 2013-10-08, in New York's summer time."""
    rows = _csv(shared("lean/equity/usa/tick/spy/20131008_trade.zip"))
    times = _midnight("20131008") + 4 * HOUR + rows[:, 0].astype(np.int64) * MS
    return trades(SPY, "spy", times, rows[:, 1].astype(np.int64), rows[:, 2].astype(np.int64))


def gc_trades() -> MarketRecord:
    """Trades of December gold on 2013-10-08, in the order of their times, without empty ones."""
    archive = shared("lean/future/comex/tick/gc/20131008_trade.zip")
    rows = _csv(archive, "20131008_gc_tick_trade_201312.csv")
    order = np.argsort(rows[:, 0].astype(np.int64), kind="stable")
    rows = rows[order][rows[order][:, 2].astype(np.int64) > 0]
    times = _midnight("20131008") + rows[:, 0].astype(np.int64) * MS
    return trades(GC, "gc", times, _mantissas(rows[:, 1], 1), rows[:, 2].astype(np.int64))


def filusdt_klines() -> MarketRecord:
    """Binance's one-minute klines of FILUSDT in November 2024."""
    rows = _csv(shared("binance_public_isda/FILUSDT-1m-2024-11.zip"), skip=1)
    columns = [_mantissas(rows[:, number], 3) for number in (1, 2, 3, 4)]
    times = rows[:, 0].astype(np.int64) * MS + 60_000 * MS
    return record(
        BatchKind.TRADE_BARS, FILUSDT, "binance", times, *columns, _mantissas(rows[:, 5], 1)
    )


def eurusd_minutes(day: str = "20140508") -> MarketRecord:
    """FXCM's EURUSD minute bars of a day; the file names a bar by its start, and knows no sizes."""
    rows = _csv(shared(f"lean/forex/fxcm/minute/eurusd/{day}_quote.zip"))
    times = _midnight(day) + 5 * HOUR + rows[:, 0].astype(np.int64) * MS + 60_000 * MS
    bid, ask = ([_mantissas(rows[:, n], 5) for n in numbers] for numbers in (_BID, _ASK))
    sizes = np.full(len(times), 4_000_000)
    return record(BatchKind.QUOTE_BARS, EURUSD, "fxcm-1m", times, *bid, sizes, *ask, sizes)


_BID, _ASK = (1, 2, 3, 4), (6, 7, 8, 9)


def quotes(
    instrument: Instrument,
    source: str,
    times: Int64s,
    bid: Int64s,
    ask: Int64s,
    size: int = 1_000_000,
) -> MarketRecord:
    """Quotes of equal size on both sides, as one record."""
    sizes = np.full(len(times), size)
    return record(BatchKind.QUOTES, instrument, source, times, bid, ask, sizes, sizes)


def trades(
    instrument: Instrument, source: str, times: Int64s, price: Int64s, size: Int64s
) -> MarketRecord:
    """Trades of nobody knows whose initiative, as one record."""
    nobody = np.zeros(len(times), np.int8)
    names = np.array([""] * len(times), dtype=object)
    return record(BatchKind.TRADES, instrument, source, times, price, size, nobody, names)


def record(
    kind: BatchKind,
    instrument: Instrument,
    source: str,
    times: Int64s,
    *columns: NDArray[np.generic],
) -> MarketRecord:
    """One record whose rows are numbered from 0."""
    stamps = pa.array(times).cast(TIME)
    arrays = [stamps, stamps, *(pa.array(column) for column in columns)]
    layout = LAYOUTS[kind]
    batch = pa.RecordBatch.from_arrays(
        [array.cast(field.type) for array, field in zip(arrays, layout, strict=True)], schema=layout
    )
    interval = "1m" if kind in (BatchKind.QUOTE_BARS, BatchKind.TRADE_BARS) else ""
    terms = Terms(
        instrument=instrument.id,
        price_precision=instrument.price_precision,
        size_precision=instrument.size_precision,
        interval=interval,
    )
    return MarketRecord(source=source, first=0, kind=kind, terms=terms, batch=batch)


def head(whole: MarketRecord, rows: int) -> MarketRecord:
    """A record's first rows, or all of them."""
    return part(whole, 0, min(rows, whole.rows))


def part(whole: MarketRecord, start: int, end: int) -> MarketRecord:
    """Rows ``start .. end - 1`` of a record, with their numbers."""
    return MarketRecord(
        source=whole.source,
        first=whole.first + start,
        kind=whole.kind,
        terms=whole.terms,
        batch=whole.batch.slice(start, end - start),
    )


def times_of(whole: MarketRecord) -> Int64s:
    """Event times in nanoseconds."""
    times: Int64s = whole.batch.column("ts_event").view("int64").to_numpy()
    return times


def windows(records: list[MarketRecord], rows: int) -> list[Window]:
    """Windows of at least ``rows`` rows (the last may have fewer), cut where time increases."""
    merged = np.sort(np.concatenate([times_of(whole) for whole in records]))
    made, start = [], 0
    while start < len(merged):
        end = min(start + rows, len(merged))
        end = int(np.searchsorted(merged, merged[end - 1], side="right"))
        made.append(_window(records, int(merged[start]), int(merged[end - 1]) + 1))
        start = end
    return made


def _window(records: list[MarketRecord], ts_start: int, ts_end: int) -> Window:
    parts = []
    for whole in records:
        start, end = np.searchsorted(times_of(whole), [ts_start, ts_end])
        if end > start:
            parts.append(part(whole, int(start), int(end)))
    return Window(records=tuple(parts), ts_end=ts_end)


def _csv(archive: Path, member: str | None = None, skip: int = 0) -> NDArray[np.str_]:
    with zipfile.ZipFile(archive) as opened:
        text = opened.read(member or opened.namelist()[0]).decode()
    rows: NDArray[np.str_] = np.loadtxt(io.StringIO(text), delimiter=",", dtype=str, skiprows=skip)
    return rows


def _midnight(day: str) -> int:
    return int(datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).timestamp()) * 1000 * MS


def _mantissas(texts: NDArray[np.str_], precision: int) -> Int64s:
    numbers: Int64s = np.rint(texts.astype(float) * 10**precision).astype(np.int64)
    return numbers
