"""No decision knows the future: whatever comes after a moment changes nothing before it."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.strategies.catalogue import load
from actors.strategies.hooks import Answer
from actors.strategies.template import Strategy
from schemas.market import Bar
from schemas.registry import Payload
from tests.actors.strategies.by_price import BY_PRICE
from tests.actors.strategies.obedient import Obedient
from tests.actors.strategies.real_bars import SPY, spy

type Decisions = list[tuple[int, Payload]]
type Make = Callable[[tuple[Bar, ...]], Strategy]

FACTORS = st.sampled_from([Decimal("0.5"), Decimal("0.99"), Decimal("1.01"), Decimal(3)])


@cache
def undisturbed(name: str) -> Decisions:
    return Obedient(load(name)([SPY])).play(spy())


def disturbed(cut: int, factor: Decimal, delay: int) -> tuple[Bar, ...]:
    """SPY's day with every bar from ``cut`` on moved in price and time."""
    return spy()[:cut] + tuple(
        msgspec.structs.replace(
            bar,
            open=bar.open * factor,
            high=bar.high * factor,
            low=bar.low * factor,
            close=bar.close * factor,
            ts_open=bar.ts_open + delay,
            ts_close=bar.ts_close + delay,
        )
        for bar in spy()[cut:]
    )


def until(decisions: Decisions, ts: int) -> Decisions:
    return [(when, payload) for when, payload in decisions if when <= ts]


@pytest.mark.parametrize("name", BY_PRICE)
@settings(max_examples=25)
@given(cut=st.integers(1, 827), factor=FACTORS, delay=st.integers(0, 10**12))
def test_what_comes_after_a_moment_does_not_change_a_decision_before_it(
    name: str, cut: int, factor: Decimal, delay: int
) -> None:
    now = spy()[cut - 1].ts_close
    other = Obedient(load(name)([SPY])).play(disturbed(cut, factor, delay))
    assert until(other, now) == until(undisturbed(name), now)


def test_the_disturbance_does_change_decisions_after_it() -> None:
    for name in sorted(set(BY_PRICE) - {"buy_and_hold"}):
        other = Obedient(load(name)([SPY])).play(disturbed(400, Decimal("1.01"), 0))
        assert other != undisturbed(name)


class Clairvoyant(Strategy):
    """Knows the next close, as a faulty strategy would that was handed the whole table."""

    def knowing(self, bars: tuple[Bar, ...]) -> "Clairvoyant":
        self.following = {bar.ts_close: after for bar, after in pairwise(bars)}
        return self

    def on_bar(self, bar: Bar) -> Answer:
        after = self.following.get(bar.ts_close)
        if after is None:
            return None
        return self.long(SPY.id) if after.close > bar.close else self.short(SPY.id)


def test_a_strategy_that_knows_the_future_is_found_out() -> None:
    cut = 100
    now = spy()[cut - 1].ts_close
    changed = disturbed(cut, Decimal("0.5"), 0)
    truth, other = (
        until(Obedient(Clairvoyant([SPY]).knowing(bars)).play(bars), now)
        for bars in (disturbed(cut, Decimal(3), 0), changed)
    )
    assert truth != other
