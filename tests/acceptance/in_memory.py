"""The whole way in one process, on logs in memory: files, venue, deciders, journal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from actors.feeds.files import FileFeed
from actors.feeds.merge import windows
from actors.feeds.recording import ROWS_PER_RECORD
from actors.feeds.survey import Wanted, survey
from actors.portfolio.sizes import SizingConfig
from actors.risk.limits import RiskLimits
from events.backends.memory.journal import MemoryJournal
from events.backends.memory.market_log import MemoryMarketLog
from events.codecs.json import decode_step
from events.journal import Journal
from events.market_log import MarketLog
from runtime.backtesting import known_instruments
from runtime.config import BacktestConfig, RunSpec, StrategyConfig
from runtime.ingesting import DataConfig
from runtime.recording import record
from runtime.wiring import wire
from schemas.envelope import Step

STRATEGIES = (
    StrategyConfig(use="ema_cross", parameters={"interval": "10s", "fast": 2, "slow": 5}),
    StrategyConfig(use="donchian_breakout", parameters={"interval": "15s", "period": 8}),
    StrategyConfig(use="bollinger_reversion", parameters={"interval": "5s", "period": 6}),
)
"""Market orders, brackets, trailing stops and limits, many of each within an hour."""


def ingested(
    paths: Sequence[Path], *, rows_per_record: int = ROWS_PER_RECORD
) -> tuple[MemoryMarketLog, tuple[str, ...]]:
    """A market log with what is in files, and its sources."""
    log = MemoryMarketLog()
    for files in survey(paths, Wanted()):
        feed = FileFeed(files, rows_per_record=rows_per_record)
        with log.open(feed.source) as writer:
            feed.ingest(writer)
    return log, tuple(log.sources())


def run(
    log: MarketLog,
    sources: Iterable[str],
    *,
    rows_per_window: int = 4_000,
    journal: Journal | None = None,
) -> list[Step]:
    """Run the strategies over sources; the journal's steps come back."""
    config = BacktestConfig(
        data=(DataConfig(paths=("in memory",)),),
        strategies=STRATEGIES,
        sizing=SizingConfig(value=Decimal(20_000)),
        risk=RiskLimits(max_position=Decimal(40_000)),
    )
    spec = RunSpec(config=config, sources=tuple(sources))
    journal = journal or MemoryJournal()
    backtest = replace(wire(spec, known_instruments(log, spec)), run="in-memory")
    market = windows(log, spec.sources, rows_per_window=rows_per_window)
    record(backtest, journal, market, lambda _: None)
    return [decode_step(stored.body) for stored in journal.records()]
