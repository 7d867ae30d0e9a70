"""The worked examples do what their docstrings say, on real minutes of EUR/USD and SPY."""

from decimal import Decimal
from statistics import fmean, pstdev

import pytest

from actors.kit.testing import Scenario, at, closed, given
from actors.strategies.bollinger_reversion import BollingerReversion
from actors.strategies.buy_and_hold import BuyAndHold
from actors.strategies.donchian_breakout import DonchianBreakout
from actors.strategies.ema_cross import EmaCross
from actors.strategies.template import Strategy
from schemas.market import Bar
from schemas.order import OrderRejected, OrderRequested, OrderType, Side, Terms, Ticket
from schemas.signal import SignalRaised, SignalWithheld
from tests.actors.strategies.obedient import UNITS, Obedient, filled
from tests.actors.strategies.real_bars import EURUSD, SPY, eurusd, spy


def closes(bars: tuple[Bar, ...]) -> list[float]:
    return [float(bar.close) for bar in bars]


def smoothed(values: list[float], period: int, alpha: float) -> list[float]:
    """Exponential smoothing that begins, as Nautilus', with the mean of the first ``period``."""
    average = fmean(values[:period])
    averages = [average] * period
    for value in values[period:]:
        average = alpha * value + (1 - alpha) * average
        averages.append(average)
    return averages


def exponential(values: list[float], period: int) -> list[float]:
    return smoothed(values, period, 2 / (period + 1))


def directions(played: Obedient, bars: tuple[Bar, ...]) -> dict[int, str]:
    """Direction of each signal by the number of the bar at whose close it was raised."""
    index = {bar.ts_close: number for number, bar in enumerate(bars)}
    return {
        index[ts]: signal.direction
        for ts, signal in played.decisions
        if isinstance(signal, SignalRaised)
    }


def test_buy_and_hold_buys_each_instrument_once_at_its_first_bar() -> None:
    scenario = given(lambda: BuyAndHold([EURUSD, SPY]))
    scenario.when(closed(eurusd()[0])).then(
        SignalRaised(
            instrument=EURUSD.id, direction="long", reason={"close": str(eurusd()[0].close)}
        )
    )
    scenario.when(closed(spy()[0])).then(SignalRaised)
    for bar in (*eurusd()[1:20], *spy()[1:20]):
        scenario.when(closed(bar)).then()


@pytest.mark.parametrize(("fast", "slow"), [(10, 30), (3, 50)])
def test_ema_cross_signals_every_cross_of_the_averages_and_nothing_else(
    fast: int, slow: int
) -> None:
    bars = spy()
    played = Obedient(EmaCross([SPY], {"fast": fast, "slow": slow}))
    played.play(bars)
    pairs = zip(exponential(closes(bars), fast), exponential(closes(bars), slow), strict=True)
    above = [one > other for one, other in pairs]
    crosses = {
        number: "long" if above[number] else "short"
        for number in range(slow, len(bars))
        if above[number] != above[number - 1]
    }
    assert directions(played, bars) == crosses
    assert len(crosses) > 5


def test_ema_cross_says_which_averages_crossed() -> None:
    _, signal = Obedient(EmaCross([SPY])).play(spy())[0]
    assert isinstance(signal, SignalRaised)
    assert set(signal.reason) == {"fast", "slow", "close"}
    fast, slow = signal.reason["fast"], signal.reason["slow"]
    assert isinstance(fast, float)
    assert isinstance(slow, float)
    assert (fast > slow) == (signal.direction == "long")


def test_ema_cross_trades_instruments_apart() -> None:
    both = [bar for pair in zip(eurusd(), spy(), strict=False) for bar in pair]
    strategy = EmaCross([EURUSD, SPY])
    together = [answer for bar in both for answer in strategy.handle(closed(bar))]
    alone = EmaCross([SPY])
    apart = [answer for bar in spy() for answer in alone.handle(closed(bar))]
    assert [a for a in together if isinstance(a, SignalRaised) and a.instrument == SPY.id] == apart
    assert len(together) > len(apart) > 0


def test_bollinger_reversion_trades_just_where_the_bands_say() -> None:
    bars = eurusd()
    played = Obedient(BollingerReversion([EURUSD]))
    played.play(bars)
    assert directions(played, bars) == reversions(closes(bars), short_too=True)


def test_bollinger_reversion_can_be_kept_from_selling() -> None:
    bars = eurusd()
    played = Obedient(BollingerReversion([EURUSD], {"short_too": False}))
    played.play(bars)
    assert directions(played, bars) == reversions(closes(bars), short_too=False)
    assert "short" not in directions(played, bars).values()


def reversions(values: list[float], *, short_too: bool) -> dict[int, str]:
    """The rule in plain Python: fills come before the next close, so a signal is a position."""
    expected: dict[int, str] = {}
    held = "flat"
    for number in range(19, len(values)):
        window, close = values[number - 19 : number + 1], values[number]
        middle, deviation = fmean(window), pstdev(window)
        wish = held
        if held == "flat" and close < middle - 2 * deviation:
            wish = "long"
        elif held == "flat" and close > middle + 2 * deviation and short_too:
            wish = "short"
        elif (held == "long" and close >= middle) or (held == "short" and close <= middle):
            wish = "flat"
        if wish != held:
            expected[number] = held = wish
    assert len(expected) > 20
    return expected


def warm(strategy: type[Strategy], bars: tuple[Bar, ...], **chosen: object) -> Scenario[Strategy]:
    parameters = {name: str(value) for name, value in chosen.items()}
    return given(lambda: strategy([SPY], parameters), *map(closed, bars))


def test_bollinger_reversion_waits_while_an_order_works() -> None:
    bars = spy()
    played = Obedient(BollingerReversion([SPY]))
    played.play(bars)
    first = min(directions(played, bars))
    scenario = warm(BollingerReversion, bars[:first])
    ticket = Ticket(
        client_order_id="O1",
        strategy="strategy.bollinger_reversion",
        instrument=SPY.id,
        side=Side.BUY,
        quantity=UNITS,
    )
    working = at(bars[first].ts_open, OrderRequested(ticket=ticket), author="sizing")
    scenario.when(working).when(closed(bars[first])).then()


def first_breakout(bars: tuple[Bar, ...], period: int) -> int:
    return next(
        number
        for number in range(period, len(bars))
        if not min(bar.low for bar in bars[number - period : number])
        <= bars[number].close
        <= max(bar.high for bar in bars[number - period : number])
    )


def true_ranges(bars: tuple[Bar, ...]) -> list[float]:
    before = [bars[0].close, *(bar.close for bar in bars)]
    return [
        float(max(bar.high, close) - min(bar.low, close))
        for bar, close in zip(bars, before, strict=False)
    ]


def test_donchian_breakout_enters_at_the_first_close_outside_the_bars_before() -> None:
    bars = spy()
    number = first_breakout(bars, 20)
    scenario = warm(DonchianBreakout, bars[:number]).when(closed(bars[number]))
    scenario.then(SignalRaised)
    played = Obedient(DonchianBreakout([SPY]))
    played.play(bars)
    assert min(directions(played, bars)) == number


def test_donchian_breakout_brackets_its_entry_by_the_average_true_range() -> None:
    bars = spy()
    number = first_breakout(bars, 20)
    scenario = warm(DonchianBreakout, bars[:number]).when(closed(bars[number]))
    (signal,) = scenario.answers
    assert isinstance(signal, SignalRaised)
    close, atr = bars[number].close, signal.reason["atr"]
    assert isinstance(atr, float)
    assert atr == pytest.approx(smoothed(true_ranges(bars), 14, 1 / 14)[number], rel=1e-9)
    sign = 1 if signal.direction == "long" else -1
    stop = round(close - sign * Decimal(2 * atr), 2)
    target = round(close + sign * Decimal(4 * atr), 2)
    assert signal.terms == Terms(stop_loss=stop, take_profit=target)
    assert signal.intent == "order"


def test_donchian_breakout_does_not_enter_again_while_it_holds_something() -> None:
    bars = spy()
    played = Obedient(DonchianBreakout([SPY]))
    held = []
    for bar in bars:
        played.play((bar,))
        held.append(played.held)
    entries = directions(played, bars)
    assert len(entries) > 3
    assert all(held[number] == 0 for number in entries)


def test_donchian_breakout_protects_what_was_filled_by_a_trailing_stop() -> None:
    bars = spy()
    number = first_breakout(bars, 20)
    scenario = warm(DonchianBreakout, bars[:number], trailing=True).when(closed(bars[number]))
    (entry,) = scenario.answers
    assert isinstance(entry, SignalRaised)
    assert entry.terms == Terms()
    sign = 1 if entry.direction == "long" else -1
    part = Decimal(400) * sign
    fill, position = filled(scenario.decider, SPY.id, part, bars[number].close, part)
    when = bars[number].ts_close
    scenario.when(at(when, fill)).then().when(at(when, position))
    (protection,) = scenario.answers
    assert isinstance(protection, SignalRaised)
    assert protection.direction == ("short" if sign == 1 else "long")
    assert (protection.intent, protection.quantity) == ("order", Decimal(400))
    atr = entry.reason["atr"]
    assert isinstance(atr, float)
    assert protection.terms == Terms(
        type=OrderType.TRAILING_STOP, trail=round(Decimal(2 * atr), 2), reduce_only=True
    )


def test_donchian_breakout_lets_the_trailing_stop_itself_be() -> None:
    bars = spy()[:40]
    scenario = warm(DonchianBreakout, bars, trailing=True)
    when = bars[-1].ts_close
    for change, held in ((Decimal(400), Decimal(400)), (Decimal(-400), Decimal(0))):
        fill, position = filled(scenario.decider, SPY.id, change, bars[-1].close, held)
        scenario.when(at(when, fill)).when(at(when, position))
    scenario.then()


def test_donchian_breakout_withholds_when_the_market_moves_too_little_for_a_stop() -> None:
    bars = spy()
    number = first_breakout(bars, 20)
    scenario = warm(DonchianBreakout, bars[:number], stop=0.0001).when(closed(bars[number]))
    (withheld,) = scenario.answers
    assert isinstance(withheld, SignalWithheld)
    assert (withheld.rule, withheld.limit) == ("stop_distance", "0.01")
    assert 0 < float(withheld.value) < 0.01


def refused(strategy: Strategy, leg: str) -> OrderRejected:
    return OrderRejected(
        client_order_id=f"O1-{leg}",
        instrument=SPY.id,
        strategy=strategy.author,
        reason="the stop was in the market",
    )


def test_donchian_breakout_closes_what_lost_its_stop() -> None:
    bars = spy()[:40]
    scenario = warm(DonchianBreakout, bars)
    when = bars[-1].ts_close
    fill, position = filled(scenario.decider, SPY.id, UNITS, bars[-1].close, UNITS)
    scenario.when(at(when, fill)).when(at(when, position))
    scenario.when(at(when, refused(scenario.decider, "SL"))).then(
        SignalRaised(
            instrument=SPY.id, direction="flat", reason={"rejected": "the stop was in the market"}
        )
    )


def test_donchian_breakout_has_nothing_to_close_when_its_entry_is_refused() -> None:
    bars = spy()[:40]
    scenario = warm(DonchianBreakout, bars)
    scenario.when(at(bars[-1].ts_close, refused(scenario.decider, "SL"))).then()
