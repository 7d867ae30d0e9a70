"""The peer: the same moving-average cross on NautilusTrader alone, reading its own files.

Two ways lead from a file into its engine. The Parquet catalog behind ``BacktestNode`` is what its
documentation teaches. Arrow messages in its own column layout, through its wrangler into the
engine in chunks, is the fastest that we found. Both begin at the file and end with the last tick;
neither records a decision or fills a database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from time import perf_counter, process_time
from typing import Final, Self

import numpy as np
import pyarrow as pa
from nautilus_trader import backtest, common, data, execution, model, persistence, trading
from nautilus_trader.indicators import ExponentialMovingAverage

from actors.execution.nautilus.translate.instruments import to_instrument
from events.backends.sqlite.market_log import SqliteMarketLog
from events.batches import TIME, BatchKind, MarketRecord
from runtime.instruments import KnownInstrument

CHUNK_ROWS: Final = 4_000
"""The best of 1,000 to 100,000 for both ways."""

SIZE_WHEN_UNKNOWN: Final = 1_000_000
FEE: Final = Decimal(0)
_ID: Final = "EUR/USD.FXCM"
_FIXED: Final = pa.decimal128(38, 16)
_SCHEMA: Final = pa.schema(
    [
        *((name, _FIXED) for name in ("bid_price", "ask_price", "bid_size", "ask_size")),
        ("ts_event", TIME),
        ("ts_init", TIME),
    ],
    metadata={"instrument_id": _ID, "price_precision": "5", "size_precision": "0"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run came to: enough to see that both sides did the same work.

    Attributes:
        seconds: by the clock; cpu_seconds: of this process' threads, where it was measured.
    """

    seconds: float
    cpu_seconds: float = 0.0
    ticks: int
    bars: int
    fills: int


class Cross(trading.Strategy):
    """Long above, short below: turns with each cross of the averages of 10 and 30 minutes."""

    def __new__(cls) -> Self:
        """Made by Nautilus, which wants to see its own configuration only."""
        config = trading.StrategyConfig(
            strategy_id=model.StrategyId("RAW-001"), log_events=False, log_commands=False
        )
        made: Self = trading.Strategy.__new__(cls, config)  # type: ignore[call-arg]  # stubs: object's
        return made

    def __init__(self) -> None:
        self.fast, self.slow = ExponentialMovingAverage(10), ExponentialMovingAverage(30)
        self.above: bool | None = None
        self.held = self.bars = self.fills = 0

    def on_start(self) -> None:
        """Ask for one-minute bars of the mid."""
        self.subscribe_bars(model.BarType.from_str(f"{_ID}-1-MINUTE-MID-INTERNAL"))

    def on_bar(self, bar: model.Bar) -> None:
        """Turn when the averages have crossed."""
        self.bars += 1
        close = bar.close.as_double()
        self.fast.update_raw(close)
        self.slow.update_raw(close)
        if not self.slow.initialized:
            return
        above = self.fast.value > self.slow.value
        if self.above is not None and above != self.above:
            self._turn(1 if above else -1)
        self.above = above

    def on_order_filled(self, event: model.OrderFilled) -> None:
        """Keep the position."""
        self.fills += 1
        self.held += (1 if event.is_buy else -1) * int(event.last_qty.as_decimal())

    def _turn(self, sign: int) -> None:
        side = model.OrderSide.BUY if sign > 0 else model.OrderSide.SELL
        quantity = model.Quantity.from_int(abs(sign * 1000 - self.held))
        instrument = model.InstrumentId.from_str(_ID)
        self.submit_order(self.order_factory.market(instrument, side, quantity))


def write_files(market: Path, folder: Path) -> None:
    """The market log's quotes in both of Nautilus' forms."""
    log = SqliteMarketLog(market)
    (source,) = log.sources()
    (folder / "catalog").mkdir(parents=True)
    ticks: list[model.QuoteTick] = []
    with (
        pa.OSFile(str(folder / "ticks.arrow"), "wb") as sink,
        pa.ipc.new_file(sink, _SCHEMA) as out,
    ):
        for batch in _batches(log, source):
            out.write_batch(batch)
            ticks += _ticks(batch)
    catalog = persistence.ParquetDataCatalog(str(folder / "catalog"))
    catalog.write_instruments([to_instrument(KnownInstrument.at_head_of(log, source).instrument)])
    catalog.write_quote_ticks(ticks)


def from_catalog(folder: Path) -> Ran:
    """From the Parquet catalog, through a node."""
    config = backtest.BacktestRunConfig(
        id="raw",
        venues=[
            backtest.BacktestVenueConfig(
                "FXCM",
                "NETTING",
                "MARGIN",
                ["1000000 USD"],
                base_currency=model.Currency.from_str("USD"),
                default_leverage=Decimal(20),
                fee_model=execution.MakerTakerFeeModel(FEE, FEE),
            )
        ],
        data=[
            backtest.BacktestDataConfig(
                model.NautilusDataType.QuoteTick,
                str(folder / "catalog"),
                instrument_id=model.InstrumentId.from_str(_ID),
            )
        ],
        engine=_engine_config(),
        chunk_size=CHUNK_ROWS,
        raise_exception=True,
        dispose_on_completion=False,
    )
    strategy = Cross()
    _import_all()
    began, cpu = perf_counter(), process_time()
    node = backtest.BacktestNode([config])
    node.build()
    node.add_strategy("raw", strategy)
    (result,) = node.run()
    spent = perf_counter() - began, process_time() - cpu
    return _ran(strategy, spent, result.iterations)


def from_arrow(folder: Path) -> Ran:
    """From Arrow messages in its own layout, through an engine in streaming mode."""
    catalog = persistence.ParquetDataCatalog(str(folder / "catalog"))
    (instrument,) = catalog.instruments()
    strategy = Cross()
    _import_all()
    began, cpu = perf_counter(), process_time()
    engine = backtest.BacktestEngine(_engine_config())
    engine.add_venue(
        model.Venue("FXCM"),
        model.OmsType.NETTING,
        model.AccountType.MARGIN,
        [model.Money.from_str("1000000 USD")],
        base_currency=model.Currency.from_str("USD"),
        default_leverage=Decimal(20),
        fee_model=execution.MakerTakerFeeModel(FEE, FEE),
    )
    engine.add_instrument(instrument)
    engine.add_strategy(strategy)
    count = 0
    with pa.memory_map(str(folder / "ticks.arrow")) as file:
        reader = pa.ipc.open_file(file)
        for number in range(reader.num_record_batches):
            ticks = _ticks(reader.get_batch(number))
            count += len(ticks)
            engine.add_data(ticks, validate=False, sort=True)
            engine.run(streaming=True)
            engine.clear_data()
    engine.end()
    return _ran(strategy, (perf_counter() - began, process_time() - cpu), count)


def _import_all() -> None:
    """Nautilus imports pandas with its first engine, and imports are in nobody's time."""
    backtest.BacktestEngine(_engine_config()).dispose()


def _engine_config() -> backtest.BacktestEngineConfig:
    return backtest.BacktestEngineConfig(
        logging=common.LoggerConfig(bypass_logging=True),
        data_engine=data.DataEngineConfig(time_bars_build_with_no_updates=False),
    )


def _ran(strategy: Cross, spent: tuple[float, float], ticks: int) -> Ran:
    seconds, cpu = spent
    return Ran(
        seconds=seconds, cpu_seconds=cpu, ticks=ticks, bars=strategy.bars, fills=strategy.fills
    )


def _batches(log: SqliteMarketLog, source: str) -> Iterator[pa.RecordBatch]:
    records = (record for record in log.read(source) if record.kind is BatchKind.QUOTES)
    # Times may repeat, and rows of equal time may not be parted between two chunks.
    rows = pa.Table.from_batches([_in_its_layout(record) for record in records]).combine_chunks()
    times = rows["ts_event"].chunk(0).view("int64").to_numpy()
    start = 0
    while start < len(times):
        last = times[min(start + CHUNK_ROWS, len(times)) - 1]
        end = int(np.searchsorted(times, last, side="right"))
        yield rows.slice(start, end - start).combine_chunks().to_batches()[0]
        start = end


def _in_its_layout(record: MarketRecord) -> pa.RecordBatch:
    batch = record.batch
    sizes = (np.array(batch.column(name)) for name in ("bid_size", "ask_size"))
    columns = [
        *(_fixed(np.array(batch.column(name)), 5) for name in ("bid", "ask")),
        *(_fixed(np.where(size == 0, SIZE_WHEN_UNKNOWN, size), 0) for size in sizes),
    ]
    times = batch.column("ts_event")
    return pa.RecordBatch.from_arrays([*columns, times, times], schema=_SCHEMA)


def _fixed(mantissas: np.ndarray[tuple[int], np.dtype[np.int64]], precision: int) -> pa.Array:
    words = np.stack([mantissas, mantissas >> 63], axis=1)
    whole = pa.Array.from_buffers(
        pa.decimal128(19, precision), len(words), [None, pa.py_buffer(words)]
    )
    return whole.cast(_FIXED)


def _ticks(batch: pa.RecordBatch) -> list[model.QuoteTick]:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, _SCHEMA) as writer:
        writer.write_batch(batch)
    wrangler = persistence.QuoteTickDataWrangler(_ID, 5, 0)
    return wrangler.process_record_batch_bytes(sink.getvalue().to_pybytes())
