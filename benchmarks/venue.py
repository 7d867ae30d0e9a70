"""The simulated venue beside raw Nautilus on the same ticks, each in a process of its own.

Both begin with the ticks as integers in memory, build one-minute bars, cross two averages in Python
and send market orders. Raw Nautilus makes its own ticks, by its fastest way, in chunks as long as
our windows. Speed is by processor time: what else the machine does then counts less.

    python -m benchmarks.venue [--ticks N] [--window ROWS] [--rounds N] [--json]
"""

import argparse
import json
import multiprocessing
import resource
import time
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pyarrow as pa
from nautilus_trader import backtest, common, data, execution, model, persistence

from actors.execution.nautilus.translate.instruments import to_instrument
from actors.kit.inputs import Input
from events.batches import TIME, MarketRecord
from schemas.market import Bar, PriceType
from schemas.order import OrderFilled, Side
from tests.support import recorded
from tests.support.ema_cross import EmaCross, Parameters
from tests.support.raw_nautilus import Outcome, RawEmaCross, Setup
from tests.support.venue_driver import Driver, margin, minutes, ticket

type Figures = dict[str, float | int | str]

DAY_NS = 86_400_000_000_000
RULE = Parameters(
    style="market",
    quantity=Decimal(10_000),
    distance=Decimal("0.00080"),
    tick=recorded.EURUSD.tick_size,
)


def market(ticks: int) -> MarketRecord:
    """One real day of FXCM quotes, again and again, each time a day later."""
    day = recorded.eurusd_ticks()
    times, bid, ask = (recorded.times_of(day), *(_integers(day, name) for name in ("bid", "ask")))
    days = -(-ticks // day.rows)
    shifted = np.concatenate([times + number * DAY_NS for number in range(days)])[:ticks]
    bids, asks = (np.tile(side, days)[:ticks] for side in (bid, ask))
    return recorded.quotes(recorded.EURUSD, "fxcm", shifted, bids, asks)


def ours(ticks: int, window: int) -> Figures:
    """Windows through the venue, with a minimal listener."""
    rule, fills, number = EmaCross(RULE), 0, 0

    def react(driver: Driver, given: Input) -> None:
        nonlocal fills, number
        match given.payload:
            case Bar() as bar:
                for wanted in rule.closed(bar.close):
                    number += 1
                    side = Side.BUY if wanted.sign > 0 else Side.SELL
                    driver.send(ticket(recorded.EURUSD, side, str(wanted.quantity), number), given)
            case OrderFilled() as fill:
                fills += 1
                rule.filled(fill.side.sign * fill.quantity)

    windows = recorded.windows([market(ticks)], window)
    driver = Driver([recorded.EURUSD], [margin(recorded.EURUSD)], react)
    started = time.process_time()
    driver.run(windows, minutes(recorded.EURUSD, PriceType.MID))
    elapsed = time.process_time() - started
    ((_, _, balance),) = driver.venue.balances()
    driver.venue.close()
    return _figures(ticks, elapsed, fills, balance)


def raw(ticks: int, chunk: int) -> Figures:
    """The same rule as a Nautilus strategy."""
    record = market(ticks)
    instrument = to_instrument(recorded.EURUSD)
    setup = Setup(
        instrument=instrument,
        bar_type=model.BarType.from_str("EUR/USD.FXCM-1-MINUTE-MID-INTERNAL"),
        ticks=[],
        latency=None,
        fees=execution.MakerTakerFeeModel(recorded.EURUSD.maker_fee, recorded.EURUSD.taker_fee),
        fills=execution.DefaultFillModel(1.0, 0.0, 1),
        parameters=RULE,
    )
    outcome = Outcome()
    engine = _raw_engine(setup)
    strategy = RawEmaCross(setup, outcome)
    engine.add_strategy(strategy)
    started = time.process_time()
    for start in range(0, ticks, chunk):
        engine.add_data(_raw_ticks(recorded.part(record, start, min(start + chunk, ticks))))
        engine.run(streaming=True)
        engine.clear_data()
    engine.end()
    assert strategy.error is None, strategy.error
    elapsed = time.process_time() - started
    account = engine.portfolio.account(venue=instrument.id.venue)
    assert account is not None
    balance = str(account.balance_total(model.Currency.from_str("USD")).as_decimal())
    engine.dispose()
    return _figures(ticks, elapsed, len(outcome.fills), balance)


def _raw_engine(setup: Setup) -> backtest.BacktestEngine:
    engine = backtest.BacktestEngine(
        backtest.BacktestEngineConfig(
            logging=common.LoggerConfig(bypass_logging=True),
            data_engine=data.DataEngineConfig(time_bars_build_with_no_updates=False),
        )
    )
    engine.add_venue(
        setup.instrument.id.venue,
        model.OmsType.NETTING,
        model.AccountType.MARGIN,
        [model.Money.from_str("1000000 USD")],
        base_currency=model.Currency.from_str("USD"),
        default_leverage=Decimal(20),
        fill_model=setup.fills,
        fee_model=setup.fees,
    )
    engine.add_instrument(setup.instrument)
    return engine


_FIXED = pa.decimal128(38, 16)
_NAMES = ("bid_price", "ask_price", "bid_size", "ask_size")
_SCHEMA = pa.schema(
    [*((name, _FIXED) for name in _NAMES), ("ts_event", TIME), ("ts_init", TIME)],
    metadata={
        "instrument_id": "EUR/USD.FXCM",
        "price_precision": "5",
        "size_precision": "0",
    },
)


def _raw_ticks(record: MarketRecord) -> list[model.QuoteTick]:
    precisions = (("bid", 5), ("ask", 5), ("bid_size", 0), ("ask_size", 0))
    columns = [_fixed(_integers(record, name), places) for name, places in precisions]
    times = record.batch.column("ts_event")
    batch = pa.RecordBatch.from_arrays([*columns, times, times], schema=_SCHEMA)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, _SCHEMA) as writer:
        writer.write_batch(batch)
    return _WRANGLER.process_record_batch_bytes(sink.getvalue().to_pybytes())


def _fixed(mantissas: recorded.Int64s, precision: int) -> pa.Array:
    words = np.empty((len(mantissas), 2), np.int64)
    words[:, 0] = mantissas
    words[:, 1] = mantissas >> 63
    unscaled = pa.decimal128(19, precision)
    buffers = [None, pa.py_buffer(words)]
    return pa.Array.from_buffers(unscaled, len(words), buffers).cast(_FIXED)


_WRANGLER = persistence.QuoteTickDataWrangler("EUR/USD.FXCM", 5, 0)


def _integers(record: MarketRecord, column: str) -> recorded.Int64s:
    values: recorded.Int64s = record.batch.column(column).to_numpy()
    return values


def _figures(ticks: int, elapsed: float, fills: int, balance: str) -> Figures:
    return {
        "ticks": ticks,
        "cpu_s": round(elapsed, 3),
        "ticks_per_s": round(ticks / elapsed),
        "fills": fills,
        "balance": balance,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def apart(measured: Callable[[int, int], Figures], ticks: int, window: int) -> Figures:
    """A measurement in a fresh process, so that neither warms the other's caches."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measured, (ticks, window))


def main() -> None:
    """Measure in turns, and keep the best of each: the machine's noise only ever adds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ticks", type=int, default=1_000_000)
    parser.add_argument("--window", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    rounds = [
        (apart(raw, given.ticks, given.window), apart(ours, given.ticks, given.window))
        for _ in range(given.rounds)
    ]
    best_raw, best_ours = (
        min(runs, key=lambda run: float(run["cpu_s"])) for runs in zip(*rounds, strict=True)
    )
    ratio = round(float(best_ours["ticks_per_s"]) / float(best_raw["ticks_per_s"]), 3)
    found = {"raw": best_raw, "venue": best_ours, "ratio": ratio, "window": given.window}
    if given.json:
        print(json.dumps(found))
        return
    print(f"raw Nautilus  {best_raw['ticks_per_s']:>9,} ticks/s   {best_raw['fills']} fills")
    print(f"NautilusVenue {best_ours['ticks_per_s']:>9,} ticks/s   {best_ours['fills']} fills")
    print(f"ratio {ratio}")


if __name__ == "__main__":
    main()
