"""An engine that is shown the market only when it matters does what one does that sees it all; and
so does one that forgets what has closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.execution.nautilus.config import FillConfig, LatencyConfig, VenueConfig
from actors.execution.nautilus.engine import Engine
from actors.execution.nautilus.statistics import Statistics
from actors.execution.nautilus.translate.ticks import Tick
from actors.execution.venue import BarStream, Subscriptions, Window
from actors.kit.inputs import Input
from events.batches import BatchKind, MarketRecord
from schemas.market import Bar, Instrument, PriceType
from schemas.order import OrderFilled, OrderRejected, OrderType, Side, Terms, Ticket, TimeInForce
from schemas.quantities import from_mantissa
from schemas.timer import TimerFired
from tests.support import recorded
from tests.support.venue_driver import Driver, margin, ticket

S = 1_000_000_000
T0 = 1_400_000_040 * S
EURUSD, SPY, FIL = recorded.EURUSD, recorded.SPY, recorded.FILUSDT
STREAMS = (
    BarStream(EURUSD.id, "1m", PriceType.MID),
    BarStream(EURUSD.id, "5m", PriceType.BID),
    BarStream(SPY.id, "1m", PriceType.LAST),
    BarStream(FIL.id, "1m", PriceType.LAST),
)
KINDS = ("market", "limit", "stop", "stop_limit", "trailing", "bracket", "gtd", "huge")


@dataclass(frozen=True)
class Plan:
    """What is sent at which bar (by its number among all): a kind of order and a side."""

    orders: dict[int, list[tuple[str, Side]]] = field(default_factory=dict)
    timers: dict[int, int] = field(default_factory=dict)
    withdrawn: frozenset[int] = frozenset()


class Trading:
    """Does what a plan says, and trades a little more at every fill and timer."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._bars = self._orders = 0
        self._last: dict[str, Bar] = {}

    def __call__(self, driver: Driver, heard: Input) -> None:
        match heard.payload:
            case Bar() as bar:
                self._last[bar.instrument] = bar
                for kind, side in self._plan.orders.get(self._bars, []):
                    self._send(driver, heard, bar, kind, side)
                if self._bars in self._plan.timers:
                    at = heard.ts + self._plan.timers[self._bars]
                    driver.venue.set_timer("test", f"t{self._bars % 3}", at)
                if self._bars in self._plan.withdrawn and self._orders:
                    driver.withdraw(f"O-{self._orders}", bar.instrument, heard)
                self._bars += 1
            case TimerFired() if self._last:
                bar = next(iter(self._last.values()))
                self._send(driver, heard, bar, "market", Side.SELL)
            case OrderFilled(instrument=name) if self._orders % 4 == 1 and name in self._last:
                self._send(driver, heard, self._last[name], "stop", Side.SELL)

    def _send(self, driver: Driver, heard: Input, bar: Bar, kind: str, side: Side) -> None:
        self._orders += 1
        driver.send(_ticket(bar, kind, side, self._orders, heard.ts), heard)


def _ticket(bar: Bar, kind: str, side: Side, number: int, now: int) -> Ticket:
    instrument = {each.id: each for each in (EURUSD, SPY, FIL)}[bar.instrument]
    tick, close = instrument.tick_size, bar.close.quantize(instrument.tick_size)
    better, worse = close - 3 * side.sign * tick, close + 3 * side.sign * tick
    quantity = "100"
    match kind:
        case "limit":
            terms = Terms(type=OrderType.LIMIT, price=better)
        case "stop":
            terms = Terms(type=OrderType.STOP, trigger=worse)
        case "stop_limit":
            terms = Terms(type=OrderType.STOP_LIMIT, trigger=worse, price=worse)
        case "trailing":
            terms = Terms(type=OrderType.TRAILING_STOP, trail=4 * tick)
        case "bracket":
            terms = Terms(stop_loss=better - side.sign * tick, take_profit=worse)
        case "gtd":
            expiry = now + 90 * S
            terms = Terms(
                type=OrderType.LIMIT,
                price=better,
                time_in_force=TimeInForce.GTD,
                expire=expiry,
            )
        case "huge":
            terms, quantity = Terms(), "400000"
        case _:
            terms = Terms()
    return ticket(instrument, side, quantity, number, terms)


@dataclass(frozen=True)
class Told:
    """All that a run can be told apart by."""

    said: list[Input]
    balances: Sequence[tuple[str, str, str]]
    statistics: Statistics


def run(
    windows: list[Window],
    venues: Sequence[VenueConfig],
    plan: Plan,
    *,
    every_tick: bool = False,
    keeping: int = 1_000,
) -> Told:
    driver = Driver(
        [EURUSD, SPY, FIL], venues, Trading(plan), every_tick=every_tick, keeping=keeping
    )
    driver.run(windows, Subscriptions(bars=STREAMS))
    told = Told(driver.said, driver.venue.balances(), driver.venue.results())
    driver.venue.close()
    return told


def venues(**more: object) -> list[VenueConfig]:
    currencies = {EURUSD: "USD", SPY: "USD", FIL: "USDT"}
    return [
        margin(instrument, currency, **{"starting_balances": {currency: Decimal(20_000)}, **more})
        for instrument, currency in currencies.items()
    ]


def walk(
    instrument: Instrument, kind: BatchKind, rng: np.random.Generator, rows: int, around: int
) -> MarketRecord:
    """A market with quiet hours, rows at one time, and rows on the minute."""
    often = {0: 0.1, S // 3: 0.3, 2 * S: 0.3, 11 * S: 0.2, 60 * S: 0.08, 400 * S: 0.02}
    gaps = rng.choice(list(often), rows, p=list(often.values()))
    times = T0 + np.cumsum(gaps)
    times[:: rows // 7] = times[:: rows // 7] // (60 * S) * 60 * S
    times = np.maximum.accumulate(times)
    price = around + np.cumsum(rng.integers(-3, 4, rows))
    sizes = rng.integers(1, 2_000, rows)
    name = instrument.symbol.lower().replace("/", "")
    if kind is BatchKind.QUOTES:
        return recorded.record(kind, instrument, name, times, price, price + 2, sizes, sizes[::-1])
    aggressors = rng.integers(-1, 2, rows).astype(np.int8)
    names = np.array([""] * rows, dtype=object)
    return recorded.record(kind, instrument, name, times, price, sizes, aggressors, names)


def market(seed: int, rows: int = 700) -> list[MarketRecord]:
    rng = np.random.default_rng(seed)
    return [
        walk(EURUSD, BatchKind.QUOTES, rng, rows, 139_000),
        walk(SPY, BatchKind.TRADES, rng, rows, 1_670_000),
        walk(FIL, BatchKind.TRADES, rng, rows // 2, 4_000),
    ]


plans = st.builds(
    Plan,
    st.dictionaries(
        st.integers(0, 120),
        st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(Side)), min_size=1, max_size=3),
        max_size=25,
    ),
    st.dictionaries(st.integers(0, 120), st.sampled_from([1, 7 * S, 60 * S, 977 * S]), max_size=8),
    st.frozensets(st.integers(0, 120), max_size=8),
)
settings_of_venues = st.fixed_dictionaries(
    {
        "latency": st.sampled_from(
            [
                LatencyConfig(),
                LatencyConfig(base_ns=150_000_000),
                LatencyConfig(base_ns=3 * S, insert_ns=40 * S, cancel_ns=S),
            ]
        ),
        "fills": st.sampled_from(
            [
                FillConfig(),
                FillConfig(prob_fill_on_limit=0.4, prob_slippage=0.5, seed=7),
                FillConfig(model="three_tier"),
            ]
        ),
        "queue_position": st.booleans(),
        "trade_execution": st.booleans(),
    }
)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), plans, settings_of_venues, st.sampled_from([1, 50, 333, 5_000]))
def test_nothing_comes_out_differently(
    seed: int, plan: Plan, more: dict[str, object], rows: int
) -> None:
    windows = recorded.windows(market(seed), rows)
    spared, seen = (run(windows, venues(**more), plan, every_tick=every) for every in (False, True))
    assert spared.said == seen.said
    assert spared.balances == seen.balances
    assert spared.statistics == seen.statistics


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), plans, settings_of_venues, st.sampled_from([0, 1, 5]))
def test_what_has_closed_is_not_missed(
    seed: int, plan: Plan, more: dict[str, object], keeping: int
) -> None:
    windows = recorded.windows(market(seed), 50)
    knowing, forgetful = (
        run(windows, venues(**more), plan, keeping=kept) for kept in (1_000, keeping)
    )
    assert knowing.said == forgetful.said
    assert knowing.balances == forgetful.balances


def test_what_has_closed_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    forget = Engine.forget_closed

    def counted(engine: Engine, ts: int, keeping: int) -> None:
        forget(engine, ts, keeping)
        held.append(engine.orders)

    monkeypatch.setattr(Engine, "forget_closed", counted)
    plan = Plan({bar: [("market", side)] for bar, side in enumerate(20 * [*Side])})
    run(recorded.windows(market(1), 50), venues(), plan)
    assert max(held) >= 40
    held.clear()
    run(recorded.windows(market(1), 50), venues(), plan, keeping=5)
    assert 5 <= max(held) < 10


def test_the_markets_of_the_property_see_trades_and_refusals() -> None:
    """What is compared above is not two empty lists."""
    plan = Plan({bar: [(KINDS[bar % 8], Side.BUY)] for bar in range(0, 100, 2)}, {5: 7 * S})
    told = run(recorded.windows(market(1), 50), venues(), plan, every_tick=False).said
    kinds = [type(each.payload) for each in told]
    assert kinds.count(Bar) > 100
    assert kinds.count(OrderFilled) > 30
    assert kinds.count(OrderRejected) >= 2
    assert kinds.count(TimerFired) == 1


class AtMarket:
    """Sends market orders at numbered bars of one instrument."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._bars = plan, 0

    def __call__(self, driver: Driver, heard: Input) -> None:
        if isinstance(heard.payload, Bar):
            for number, (_, side) in enumerate(self._plan.orders.get(self._bars, [])):
                order = ticket(recorded.OANDA_EURUSD, side, number=self._bars * 10 + number)
                driver.send(order, heard)
            self._bars += 1


def test_rows_that_matter_to_nobody_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[int] = []
    show = Engine.show

    def counted(engine: Engine, ticks: Sequence[list[Tick]]) -> None:
        shown.append(sum(map(len, ticks)))
        show(engine, ticks)

    monkeypatch.setattr(Engine, "show", counted)
    record = recorded.head(recorded.oanda_ticks(), 10_000)
    plan = Plan({3: [("market", Side.BUY)], 9: [("market", Side.SELL)]})
    driver = Driver([recorded.OANDA_EURUSD], [margin(recorded.OANDA_EURUSD)], AtMarket(plan))
    stream = BarStream(recorded.OANDA_EURUSD.id, "1m", PriceType.MID)
    driver.run(recorded.windows([record], 1_000), Subscriptions(bars=(stream,)))
    driver.venue.close()
    assert len(driver.of(OrderFilled)) == 2
    assert shown == [1, 1, 1]  # the first row, and the last one before each order


def test_a_price_that_nobody_saw_pass_is_known_when_an_order_comes() -> None:
    """Of a market that was silent for two windows, too."""
    times = T0 + np.arange(1, 400) * S
    bid = 139_000 + np.arange(399)
    quotes = recorded.quotes(EURUSD, "q", times, bid, bid + 2)
    quiet = recorded.trades(
        SPY, "s", T0 + np.array([2, 30]) * S, np.array([1_670_000, 1_670_500]), np.array([100, 100])
    )

    def buy(driver: Driver, heard: Input) -> None:
        if isinstance(heard.payload, Bar) and len(driver.of(Bar)) == 5:
            driver.send(ticket(SPY, Side.BUY, "10", 1), heard)

    driver = Driver([EURUSD, SPY], venues()[:2], buy)
    stream = BarStream(EURUSD.id, "1m", PriceType.MID)
    driver.run(recorded.windows([quotes, quiet], 40), Subscriptions(bars=(stream,)))
    driver.venue.close()
    assert driver.fills("O-1") == [(T0 + 300 * S, str(from_mantissa(1_670_500, 4)), "10")]
