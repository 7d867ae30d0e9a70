"""A short market, a cell that trades it on paper, and what a backtest of it decides."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from actors.feeds.merge import windows
from actors.portfolio.sizes import SizingConfig
from actors.risk.limits import RiskLimits
from events.backends.memory.journal import MemoryJournal
from events.backends.memory.market_log import MemoryMarketLog
from events.codecs.json import decode_step
from events.decisions import DecisionHash
from events.market_log import MarketLog
from events.replay import Verdict, compare
from runtime.backends import MemoryBackend
from runtime.backtesting import known_instruments
from runtime.config import BacktestConfig, StrategyConfig
from runtime.hosts.inline.given import given_in
from runtime.ingesting import DataConfig
from runtime.outcome import outcome_of
from runtime.programs.feeding import FeedProgram
from runtime.programs.market_bound import SessionProgram
from runtime.programs.specs import CellSpec, FeedSpec
from runtime.programs.trading import Trading
from runtime.recording import record, recorded_steps
from runtime.replaying import recomputed
from runtime.results import BacktestResult
from runtime.telemetry.opening import Watch
from runtime.wired import Backtest
from runtime.wiring import wire
from schemas.envelope import Event, Step
from schemas.operator import OperatorCommanded
from tests.acceptance import in_memory
from tests.acceptance.test_same_decisions import HOUR

CELL, RUN = "paper", "paper-1"
OPERATOR = "operator"
DATA = DataConfig(paths=(str(HOUR),))
FEED = FeedSpec(name="files", data=DATA, rows_per_record=50)
TRADING = BacktestConfig(
    data=(DATA,),
    strategies=(
        StrategyConfig(use="ema_cross", parameters={"interval": "10s", "fast": 2, "slow": 5}),
        StrategyConfig(use="donchian_breakout", parameters={"interval": "15s", "period": 8}),
    ),
    sizing=SizingConfig(value=Decimal(20_000)),
    risk=RiskLimits(max_position=Decimal(40_000)),
)


@cache
def market() -> tuple[MarketLog, tuple[str, ...]]:
    """The whole hour, sealed."""
    return in_memory.ingested([HOUR])


def cell_spec() -> CellSpec:
    return CellSpec(name=CELL, run=RUN, sources=market()[1], trading=TRADING)


def backtest(log: MarketLog) -> Backtest:
    spec = cell_spec().spec
    return replace(wire(spec, known_instruments(log, spec)), run=RUN, cell=CELL)


@cache
def hash_of_backtest() -> str:
    """What the inline backtest decides."""
    log, sources = market()
    journal = MemoryJournal()
    record(backtest(log), journal, windows(log, sources), lambda _: None)
    outcome = outcome_of(recorded_steps(journal))
    assert outcome.counts["fills"] > 10
    return outcome.decision_hash


@dataclass
class Session:
    """A feed and a cell on logs in memory; either can be killed and goes on."""

    backend: MemoryBackend = field(default_factory=MemoryBackend)
    results: list[BacktestResult] = field(default_factory=list)
    commands: int = 0
    watch: Watch | None = None

    def __post_init__(self) -> None:
        self.feed = self._new_feed()
        self.cell = self._new_cell()

    def kill_cell(self) -> None:
        """What was not flushed is gone."""
        self.journal.crash()
        self.cell.close()
        self.start_cell_again()

    def start_cell_again(self) -> None:
        """Another incarnation, after the last one is gone."""
        self.cell = self._new_cell()

    def kill_feed(self) -> None:
        log = self.backend.market_log()
        assert isinstance(log, MemoryMarketLog)
        for source in log.sources():
            log.crash(source)
        self.feed = self._new_feed()

    def command(self, name: str, said_at: int = 2_000_000_000_000_000_000) -> None:
        """An operator says something, whose clock is nothing like the market's."""
        number, self.commands = self.commands, self.commands + 1
        told = Event(
            id=f"command-{number}",
            author=OPERATOR,
            cause=f"command-{number}",
            correlation=f"command-{number}",
            ts=said_at,
            ts_recorded=said_at,
            payload=OperatorCommanded(command=name, arguments={}, operator="ada"),
        )
        self.backend.ingress(CELL).post(OPERATOR, number, told)

    def run_out(self) -> None:
        """Let both work until there is nothing to do."""
        while self.feed.turn() | self.cell.turn():
            pass

    @property
    def journal(self) -> MemoryJournal:
        journal = self.backend.journal(CELL, RUN)
        assert isinstance(journal, MemoryJournal)
        return journal

    def steps(self) -> list[Step]:
        return list(self._steps())

    def decision_hash(self) -> str:
        decisions = DecisionHash()
        for step in self._steps():
            decisions.update(step)
        return decisions.hexdigest()

    def verified(self) -> Verdict:
        """The session again, from the market and what it was given."""
        given = tuple(given_in(self.journal.records()))
        log = self.backend.market_log()
        again = recomputed(backtest(log), log, given, self.steps()[-1], None)
        return compare(self._steps(), again)

    def _steps(self) -> Iterator[Step]:
        return (decode_step(stored.body) for stored in self.journal.records())

    def _new_feed(self) -> FeedProgram:
        feed = FeedProgram(FEED, self.backend.market_log())
        feed.start()
        return feed

    def _new_cell(self) -> SessionProgram:
        cell = SessionProgram(
            Trading(cell_spec(), self.backend, self.results.append, watch=self.watch)
        )
        cell.start()
        return cell
