"""The same market gives the same inputs, however it is cut and in whichever process."""

import hashlib
import subprocess
import sys
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.execution.nautilus.config import FillConfig, LatencyConfig
from actors.execution.venue import BarStream, Subscriptions, Window
from actors.kit.inputs import Input
from events.batches import MarketRecord
from schemas.market import Bar, PriceType, Quote
from schemas.order import OrderFilled, OrderType, Side, Terms
from schemas.timer import TimerFired
from tests.support import recorded
from tests.support.venue_driver import Driver, margin, ticket

EURUSD = recorded.OANDA_EURUSD
ROWS = 1500


@cache
def market() -> MarketRecord:
    return recorded.head(recorded.oanda_ticks(), ROWS)


def busy(driver: Driver, given: Input) -> None:
    """Market orders, brackets and trailing stops at bars, timers now and then."""
    if not isinstance(given.payload, Bar) or given.payload.interval != "1m":
        return
    number = len([bar for bar in driver.of(Bar) if bar.interval == "1m"])
    close = given.payload.close
    side = Side.BUY if number % 3 else Side.SELL
    near = close - side.sign * Decimal("0.00020")
    far = close + side.sign * Decimal("0.00030")
    driver.send(ticket(EURUSD, side, "1000", 10 * number), given)
    driver.send(
        ticket(EURUSD, side, "500", 10 * number + 1, Terms(stop_loss=near, take_profit=far)), given
    )
    trailing = Terms(type=OrderType.TRAILING_STOP, trail=Decimal("0.00015"))
    driver.send(ticket(EURUSD, side.opposite, "700", 10 * number + 2, trailing), given)
    driver.venue.set_timer("busy", f"t{number}", given.ts + 7_000_000_001)


def run(windows: list[Window]) -> list[Input]:
    venue = margin(
        EURUSD,
        latency=LatencyConfig(base_ns=80_000_000, insert_ns=5_000_000),
        fills=FillConfig(prob_fill_on_limit=0.4, prob_slippage=0.5, seed=7),
    )
    streams = [BarStream(EURUSD.id, each, PriceType.MID) for each in ("1m", "5m")]
    driver = Driver([EURUSD], [venue], busy)
    driver.run(windows, Subscriptions(bars=tuple(streams), quotes=frozenset({EURUSD.id})))
    driver.venue.close()
    return driver.said


def digest(said: list[Input]) -> str:
    encoded = [msgspec.json.encode(given) for given in said]
    return hashlib.blake2b(b"\n".join(encoded)).hexdigest()


@cache
def whole() -> str:
    said = run(recorded.windows([market()], ROWS))
    assert sum(isinstance(given.payload, OrderFilled) for given in said) > 50
    assert sum(isinstance(given.payload, TimerFired) for given in said) > 10
    assert sum(isinstance(given.payload, Quote) for given in said) == ROWS
    return digest(said)


def test_windows_of_any_one_size_say_the_same() -> None:
    sizes = (1, 7, 1000, ROWS)
    found = {size: digest(run(recorded.windows([market()], size))) for size in sizes}
    assert found == dict.fromkeys(sizes, whole())


@cache
def places() -> list[int]:
    """Rows before which time increases: only there may a market be cut."""
    return (np.flatnonzero(np.diff(recorded.times_of(market()))) + 1).tolist()


@settings(max_examples=8)
@given(st.data())
def test_windows_cut_anywhere_say_the_same(data: st.DataObject) -> None:
    drawn = data.draw(st.lists(st.sampled_from(places()), unique=True, max_size=12))
    edges = [0, *sorted(drawn), ROWS]
    windows = [
        recorded.windows([recorded.part(market(), start, end)], ROWS)[0]
        for start, end in pairwise(edges)
    ]
    assert digest(run(windows)) == whole()


def test_another_process_says_the_same() -> None:
    program = (
        "from tests.actors.execution.nautilus import test_determinism as t;"
        "from tests.support import recorded;"
        "print(t.digest(t.run(recorded.windows([t.market()], 500))))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[4],
        env={"PYTHONHASHSEED": "77", "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == whole()


def test_every_input_has_a_name_of_its_own_and_time_never_goes_back() -> None:
    said = run(recorded.windows([market()], 400))
    assert len({each.id for each in said}) == len(said)
    assert all(before.ts <= after.ts for before, after in pairwise(said))
