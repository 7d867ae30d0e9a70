"""What the template promises to a strategy: when hooks are called, and with what."""

from collections.abc import Iterator
from decimal import Decimal

import msgspec
import pytest
from nautilus_trader.indicators import SimpleMovingAverage

from actors.kit.testing import at, closed, given
from actors.strategies.hooks import Answer
from actors.strategies.parameters import ParameterError, parameter
from actors.strategies.streams import Bars, Wants
from actors.strategies.template import LookAhead, Strategy
from schemas.market import Bar, PriceType, Quote, Trade
from schemas.order import OrderFilled
from schemas.pattern import PatternRecognised
from schemas.position import PositionChanged
from schemas.signal import SignalRaised
from schemas.timer import TimerFired, TimerSet
from tests.actors.strategies.obedient import filled
from tests.actors.strategies.real_bars import EURUSD, MINUTE_NS, SPY, eurusd, spy

MID, LAST = PriceType.MID, PriceType.LAST
QUOTE = Quote(
    instrument=EURUSD.id,
    bid=Decimal("1.39101"),
    ask=Decimal("1.39114"),
    bid_size=Decimal(1),
    ask_size=Decimal(1),
)


class Diary(Strategy):
    """Notes every call."""

    def prepare(self) -> None:
        self.notes: list[str] = []

    def on_start(self) -> None:
        self.notes.append(f"start {self.now}")

    def on_bar(self, bar: Bar) -> None:
        self.notes.append(f"bar {bar.instrument} {bar.interval} {bar.close}")

    def on_fill(self, fill: OrderFilled) -> None:
        self.notes.append(f"fill {fill.quantity}, holding {self.position(fill.instrument)}")

    def on_timer(self, name: str) -> None:
        self.notes.append(f"timer {name}")


def diary(*history: Bar) -> Diary:
    return given(lambda: Diary([EURUSD]), *map(closed, history)).decider


def test_signs_with_its_own_name_in_snake_case_or_the_name_it_is_given() -> None:
    assert Diary([EURUSD]).author == "strategy.diary"
    assert Diary([EURUSD], name="second").author == "strategy.second"


def test_starts_once_with_the_first_event_and_before_its_hook() -> None:
    first, second = eurusd()[:2]
    assert diary(first, second).notes == [
        f"start {first.ts_close}",
        f"bar EUR/USD.OANDA 1m {first.close}",
        f"bar EUR/USD.OANDA 1m {second.close}",
    ]


def test_does_not_hear_bars_of_a_stream_that_it_did_not_ask_for() -> None:
    bar = eurusd()[0]
    others = (
        msgspec.structs.replace(bar, interval="5m"),
        msgspec.structs.replace(bar, price_type=PriceType.BID),
        spy()[0],
    )
    assert diary(*others).notes == [f"start {bar.ts_close}"]


def test_refuses_a_bar_that_has_not_closed() -> None:
    bar = eurusd()[0]
    with pytest.raises(LookAhead, match="closes at"):
        Diary([EURUSD]).handle(at(bar.ts_close - 1, bar))


def test_takes_a_bar_at_its_very_close_and_later() -> None:
    bar = eurusd()[0]
    strategy = Diary([EURUSD])
    strategy.handle(at(bar.ts_close, bar))
    strategy.handle(at(bar.ts_close + 1, bar))
    assert len(strategy.notes) == 3


def test_subscribes_to_what_it_has_a_hook_for() -> None:
    class Ticks(Strategy):
        def on_quote(self, quote: Quote) -> Answer:
            return None

        def on_trade(self, trade: Trade) -> Answer:
            return None

    minute = Bars(EURUSD.id, "1m", MID)
    assert Diary([EURUSD]).wants == Wants(bars=(minute,))
    assert Ticks([EURUSD, SPY]).wants == Wants(
        quotes=(EURUSD.id, SPY.id), trades=(EURUSD.id, SPY.id)
    )
    assert {Quote, Trade, Bar} & Ticks([EURUSD]).consumes == {Quote, Trade}
    assert {Quote, Trade, Bar} & Diary([EURUSD]).consumes == {Bar}


def test_hears_ticks_of_its_own_instruments_only() -> None:
    class Echo(Strategy):
        def on_quote(self, quote: Quote) -> Answer:
            return self.long(quote.instrument, reason={"mid": quote.mid})

        def on_trade(self, trade: Trade) -> Answer:
            return self.flat(trade.instrument, reason={"price": trade.price})

    foreign = msgspec.structs.replace(QUOTE, instrument="EUR/USD.FXCM")
    scenario = given(lambda: Echo([EURUSD]))
    scenario.when(at(1, foreign)).then()
    scenario.when(at(2, QUOTE)).then(
        SignalRaised(instrument=EURUSD.id, direction="long", reason={"mid": "1.391075"})
    )
    trade = Trade(instrument=EURUSD.id, price=Decimal("1.39108"), size=Decimal(1000))
    scenario.when(at(3, trade)).then(
        SignalRaised(instrument=EURUSD.id, direction="flat", reason={"price": "1.39108"})
    )
    scenario.when(at(4, msgspec.structs.replace(trade, instrument=SPY.id))).then()


def test_hears_patterns_of_its_instruments() -> None:
    class Follower(Strategy):
        def on_pattern(self, pattern: PatternRecognised) -> Answer:
            if pattern.direction == "short":
                return self.short(pattern.instrument, reason={"confidence": pattern.confidence})
            return None

    recognised = PatternRecognised(
        request="r",
        instrument=EURUSD.id,
        interval="1m",
        recogniser="rules",
        pattern="double_top",
        direction="short",
        begins=1,
        horizon=MINUTE_NS,
        confidence=0.7,
        calibrated=True,
        model_digest="m",
        chart_hash="c",
        feature_hash="f",
        latency=1,
    )
    given(lambda: Follower([EURUSD])).when(at(1, recognised)).then(SignalRaised)
    given(lambda: Follower([SPY])).when(at(1, recognised)).then()


class Averages(Strategy):
    """Reports two averages of different speed on two intervals."""

    minutes: int = parameter(3, ge=1)
    hours: int = parameter(2, ge=1)

    def prepare(self) -> None:
        self.hourly = self.bars("1h")
        self.fast = self.indicator(SimpleMovingAverage(self.minutes))
        self.slow = self.indicator(SimpleMovingAverage(self.hours), self.hourly)

    def on_bar(self, bar: Bar) -> Answer:
        reason = {"fast": self.fast.value, "slow": self.slow.value}
        return self.long(bar.instrument, reason=reason)


def hourly(bar: Bar) -> Bar:
    return msgspec.structs.replace(bar, interval="1h")


def test_hooks_wait_until_every_stream_has_warmed_up() -> None:
    one, two, three, four, five = eurusd()[:5]
    scenario = given(lambda: Averages([EURUSD]))
    for bar in (one, two, three, hourly(three), four):
        scenario.when(closed(bar)).then()
    scenario.when(closed(hourly(four))).then(SignalRaised)
    scenario.when(closed(five)).then(
        SignalRaised(
            instrument=EURUSD.id,
            direction="long",
            reason={
                "fast": float(round((three.close + four.close + five.close) / 3, 9)),
                "slow": float(round((three.close + four.close) / 2, 9)),
            },
        )
    )


def test_says_what_each_stream_needs_to_warm_up() -> None:
    minute, hour = Bars(EURUSD.id, "1m", MID), Bars(EURUSD.id, "1h", MID)
    assert Averages([EURUSD]).warm_up == {minute: 3, hour: 2}
    assert Averages([EURUSD]).wants.bars == (minute, hour)
    assert Averages([EURUSD], {"interval": "1h"}).warm_up == {hour: 3}


def test_a_strategy_may_ask_for_a_longer_warm_up_of_its_own() -> None:
    class Patient(Diary):
        def prepare(self) -> None:
            super().prepare()
            self.bars(warm_up=3)

    scenario = given(lambda: Patient([EURUSD]), *map(closed, eurusd()[:4]))
    assert len([note for note in scenario.decider.notes if note.startswith("bar")]) == 2


class Together(Diary):
    def prepare(self) -> None:
        super().prepare()
        for bars in self.primary:
            self.indicator(SimpleMovingAverage(2), bars)


class Apart(Together):
    warms_up = "apart"


@pytest.mark.parametrize(("kind", "heard"), [(Together, 0), (Apart, 1)])
def test_instruments_warm_up_together_or_apart(kind: type[Diary], heard: int) -> None:
    scenario = given(lambda: kind([EURUSD, SPY]), *map(closed, eurusd()[:2]), closed(spy()[0]))
    assert len([note for note in scenario.decider.notes if note.startswith("bar")]) == heard


def test_bars_of_several_instruments_have_the_price_type_that_suits_each() -> None:
    strategy = Diary([EURUSD, SPY])
    assert strategy.primary == (Bars(EURUSD.id, "1m", MID), Bars(SPY.id, "1m", LAST))
    told = Diary([EURUSD, SPY], {"price_type": "bid", "interval": "5m"})
    assert told.primary[1] == Bars(SPY.id, "5m", PriceType.BID)


@pytest.mark.parametrize("interval", ["", "m", "0m", "1x", "5 m", "-1m", "1.5h"])
def test_refuses_an_interval_that_is_none(interval: str) -> None:
    with pytest.raises(ParameterError, match="must be a number and a unit"):
        Diary([EURUSD], {"interval": interval})


def test_parameters_are_checked_beside_each_other() -> None:
    class Ordered(Strategy):
        low: int = parameter(1)
        high: int = parameter(2)

        def check(self) -> str | None:
            return None if self.low < self.high else "low must be less than high"

    Ordered([EURUSD], {"low": 0})
    with pytest.raises(ParameterError, match=r"ordered: low must be less than high \(low=5, high"):
        Ordered([EURUSD], {"low": 5})


def test_a_stream_must_be_declared_before_the_first_event() -> None:
    with pytest.raises(RuntimeError, match="in prepare"):
        Diary([EURUSD]).bars("5m")


def test_which_instrument_must_be_said_when_there_are_several() -> None:
    with pytest.raises(ValueError, match="has 2 instruments: say which one"):
        Averages([EURUSD, SPY])


def test_hears_a_fill_when_its_position_counts_it() -> None:
    scenario = given(lambda: Diary([EURUSD]))
    fill, position = filled(scenario.decider, EURUSD.id, Decimal(5), Decimal("1.391"), Decimal(5))
    scenario.when(at(1, fill)).when(at(1, position))
    assert scenario.decider.notes[1:] == [
        "fill 5, holding Position(quantity=Decimal('5'), average_price=Decimal('1.391'))"
    ]


def test_does_not_hear_another_strategys_fills_and_timers() -> None:
    scenario = given(lambda: Diary([EURUSD]))
    other = Diary([EURUSD], name="other")
    for payload in filled(other, EURUSD.id, Decimal(5), Decimal("1.391"), Decimal(5)):
        scenario.when(at(1, payload))
    scenario.when(at(2, TimerFired(name="noon", at=2, owner=other.author)))
    assert scenario.decider.notes == ["start 1"]
    assert scenario.decider.position(EURUSD.id).quantity == 0


def test_a_position_change_without_a_fill_of_its_own_is_learned_in_silence() -> None:
    scenario = given(lambda: Diary([EURUSD]))
    _, position = filled(scenario.decider, EURUSD.id, Decimal(5), Decimal("1.391"), Decimal(5))
    assert isinstance(position, PositionChanged)
    scenario.when(at(1, position))
    assert scenario.decider.position(EURUSD.id).direction == "long"
    assert scenario.decider.notes == ["start 1"]


class Alarm(Strategy):
    def on_start(self) -> Answer:
        return self.wake("close", after=MINUTE_NS)

    def on_timer(self, name: str) -> Iterator[SignalRaised]:
        for instrument in self.instruments:
            yield self.flat(instrument, reason={"timer": name})


def test_is_woken_by_the_timer_that_it_set() -> None:
    start = eurusd()[0].ts_close
    fill, _ = filled(Alarm([EURUSD]), EURUSD.id, Decimal(5), Decimal("1.391"), Decimal(5))
    scenario = given(lambda: Alarm([EURUSD, SPY])).when(at(start, fill))
    scenario.then(TimerSet(name="close", at=start + MINUTE_NS))
    fired = TimerFired(name="close", at=start + MINUTE_NS, owner="strategy.alarm")
    scenario.when(at(start + MINUTE_NS, fired)).then(
        SignalRaised(instrument=EURUSD.id, direction="flat", reason={"timer": "close"}),
        SignalRaised(instrument=SPY.id, direction="flat", reason={"timer": "close"}),
    )


def test_learning_leads_to_the_same_answers_as_handling() -> None:
    handled, learned = Averages([EURUSD]), Averages([EURUSD])
    history = [event for bar in eurusd()[:50] for event in (closed(bar), closed(hourly(bar)))]
    for event in history:
        handled.handle(event)
        learned.learn(event)
    last = closed(eurusd()[50])
    assert learned.handle(last) == handled.handle(last) != ()
