"""Bars for training are the bars that the cell sees."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from actors.feeds.merge import windows
from actors.patterns.candles import candles_of
from events.backends.memory.journal import MemoryJournal
from events.backends.memory.market_log import MemoryMarketLog
from events.codecs.json import decode_step
from runtime.backtesting import known_instruments
from runtime.config import BacktestConfig, RunSpec, StrategyConfig
from runtime.ingesting import DataConfig
from runtime.recording import record
from runtime.training.bars import NoBars, observed_bars
from runtime.wiring import wire
from schemas.market import Bar
from tests.acceptance import in_memory
from tests.runtime.training.material import DAY, MINUTES


@cache
def market(*paths: Path) -> tuple[MemoryMarketLog, tuple[str, ...]]:
    return in_memory.ingested(list(paths))


def bars_of_the_cell(log: MemoryMarketLog, sources: tuple[str, ...], interval: str) -> list[Bar]:
    strategy = StrategyConfig(use="ema_cross", parameters={"interval": interval})
    config = BacktestConfig(data=(DataConfig(paths=("x",)),), strategies=(strategy,))
    spec = RunSpec(config=config, sources=sources)
    journal = MemoryJournal()
    run = replace(wire(spec, known_instruments(log, spec)), run="r")
    record(run, journal, windows(log, sources), lambda _: None)
    inputs = (decode_step(stored.body).input.payload for stored in journal.records())
    return [payload for payload in inputs if isinstance(payload, Bar)]


@pytest.mark.parametrize(
    ("path", "interval"), [(DAY, "1m"), (DAY, "15m"), (MINUTES, "1m"), (MINUTES, "5m")]
)
def test_bars_of_the_log_are_those_that_the_cell_sees(path: Path, interval: str) -> None:
    log, sources = market(path)
    seen = candles_of(bars_of_the_cell(log, sources, interval))
    made = observed_bars(log, sources, interval)["EUR/USD.FXCM"].candles
    # The last bar is still open when a run's data ends; here it counts.
    for column in ("ts_close", "open", "high", "low", "close"):
        np.testing.assert_array_equal(
            getattr(made, column)[: len(seen)], getattr(seen, column), err_msg=column
        )
    np.testing.assert_allclose(made.volume[: len(seen)], seen.volume, rtol=1e-6)
    assert len(made) - len(seen) in (0, 1)


def test_bars_longer_than_asked_for_are_refused_with_their_source() -> None:
    log, sources = market(MINUTES)
    with pytest.raises(NoBars, match=r"fxcm-eurusd-quote-bars-1m.*cannot be put together to 30s"):
        observed_bars(log, sources, "30s")


def test_a_span_cuts_bars_by_their_close() -> None:
    log, sources = market(MINUTES)
    whole = observed_bars(log, sources, "1m")["EUR/USD.FXCM"].candles.ts_close
    some = observed_bars(log, sources, "1m", from_ts=int(whole[10]), to_ts=int(whole[20]))
    np.testing.assert_array_equal(some["EUR/USD.FXCM"].candles.ts_close, whole[10:20])


def test_spread_and_flow_come_from_the_ticks_of_the_bar() -> None:
    log, sources = market(DAY)
    bars = observed_bars(log, sources, "1h")["EUR/USD.FXCM"]
    assert bars.spread is not None
    assert bars.flow is not None
    assert np.all((bars.spread > 0.5e-5) & (bars.spread < 50e-5))
    assert np.all(np.abs(bars.flow) <= 1)
    assert np.corrcoef(bars.flow, np.log(bars.candles.close / bars.candles.open))[0, 1] > 0
