"""Reads a run's journal and its part of the market log once, and makes a report's data of them."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from events.codecs.json import decode_step
from events.decisions import DecisionHash
from events.journal import Journal
from events.market_log import MarketLog
from runtime.report.accounts import Accounts
from runtime.report.analyser import analysed
from runtime.report.data import InstrumentChart, ReportData, RunFacts
from runtime.report.market import Market, Ranges
from runtime.report.orders import Orders
from runtime.report.patterns import Patterns
from runtime.report.statistics import statistics_of
from runtime.report.stopped import Stopped
from runtime.report.trips import RoundTrips
from schemas.cell import CellStarted, CellStopped
from schemas.envelope import Step
from schemas.errors import UserError

_COUNTED: Final = (
    ("bars", "market.bar"),
    ("signals", "signal.raised"),
    ("orders", "order.requested"),
    ("vetoes", "order.vetoed"),
    ("withheld", "signal.withheld"),
    ("rejections", "order.rejected"),
    ("fills", "order.filled"),
)


class NothingToReport(UserError):
    """The run has not recorded a step yet."""


class Reading:
    """Folds a journal's steps into everything that a report says about decisions."""

    def __init__(self) -> None:
        self.ranges: Final = Ranges()
        self.trips: Final = RoundTrips()
        self.orders: Final = Orders()
        self.stopped: Final = Stopped()
        self.accounts: Final = Accounts()
        self.patterns: Final = Patterns()
        self._hash: Final = DecisionHash()
        self._kinds: Final[Counter[str]] = Counter()
        self._started: CellStarted | None = None
        self._first: Step | None = None
        self._first_market: Step | None = None
        self._last: Step | None = None

    def add(self, step: Step) -> None:
        """Take the next step."""
        self._first = self._first or step
        if step.slices:
            self._first_market = self._first_market or step
        self._last = step
        self.ranges.add(step.slices)
        self._hash.update(step)
        if isinstance(step.input.payload, CellStarted):
            self._started = step.input.payload
        for event in step.events:
            self._kinds[event.kind] += 1
            for fold in (self.trips, self.orders, self.stopped, self.accounts, self.patterns):
                fold.learn(event)

    def facts(self, commands: tuple[str, ...]) -> RunFacts:
        """What ran.

        Raises:
            NothingToReport: there was no step.
        """
        if self._first is None or self._last is None:
            raise NothingToReport("the run has not recorded a step yet; let it run first")
        stopped = self._last.input.payload
        started = self._started
        return RunFacts(
            run=self._last.run,
            cell=self._last.cell,
            state=stopped.reason if isinstance(stopped, CellStopped) else "unfinished",
            commands=commands,
            version=started.version if started else "",
            code_hash=started.code_hash if started else "",
            config_hash=started.config_hash if started else "",
            decision_hash=self._hash.hexdigest(),
            configuration=started.configuration if started else "{}",
            deciders=started.deciders if started else (),
            steps=self._last.seq + 1,
            first_ts=(self._first_market or self._first).ts,
            last_ts=self._last.ts,
            counts=tuple((name, self._kinds[kind]) for name, kind in _COUNTED),
        )


def gather(journal: Journal, market_log: MarketLog, commands: tuple[str, ...]) -> ReportData:
    """Everything that a report on a run says.

    Args:
        commands: what reproduces the run, and what verifies it.

    Raises:
        NothingToReport: the journal is empty.
        Corrupt: a step or a market record does not decode.
    """
    reading = Reading()
    for record in journal.records():
        reading.add(decode_step(record.body))
    facts = reading.facts(commands)
    market = Market()
    market.read(market_log, reading.ranges.slices())
    accounts = reading.accounts.accounts()
    round_trips = tuple(reading.trips.closed)
    return ReportData(
        facts=facts,
        charts=tuple(_charts(reading, market, facts)),
        accounts=accounts,
        round_trips=round_trips,
        vetoes=tuple(reading.stopped.vetoes),
        withheld=tuple(reading.stopped.withheld),
        rejections=tuple(reading.stopped.rejections),
        quality=market.quality(),
        latency=reading.orders.latencies(),
        statistics=(*statistics_of(round_trips), *analysed(accounts, round_trips)),
    )


def _charts(reading: Reading, market: Market, facts: RunFacts) -> Iterable[InstrumentChart]:
    for instrument in market.instruments:
        yield InstrumentChart(
            instrument=instrument,
            precision=market.precisions[instrument],
            ticks=market.ticks(instrument),
            price=market.price(instrument),
            fills=reading.orders.fills(instrument, reading.trips.opening_trades),
            levels=reading.orders.levels(instrument, facts.last_ts),
            patterns=reading.patterns.marks(instrument),
        )
