"""A user's strategy among the deciders: transparent until it raises."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from actors.strategies.source import class_in, module_from
from actors.strategies.template import LookAhead, Strategy
from runtime.guarding import Guarded, StrategyFailed
from schemas.envelope import AnyEvent, Event
from schemas.market import Instrument
from schemas.quantities import SECOND_NS
from schemas.signal import SignalRaised
from tests.support.trading import bar, pair

EURUSD: Instrument = pair("EUR", "USD")
NOON = 1_398_945_600 * SECOND_NS

TEXT = """from actors.strategies.template import Strategy


class Mine(Strategy):
    def on_bar(self, bar):
        prices = {"1.1": 1}
        prices[str(bar.close)]
        return self.long(bar.instrument)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(TEXT)
    return path


def strategy_in(file: Path, parameters: Mapping[str, str] | None = None) -> Strategy:
    return class_in(module_from(str(file)), "Mine")([EURUSD], parameters or {})


def closed(price: str, *, ts_close: int = NOON) -> AnyEvent:
    return Event(
        id="b1",
        author="venue",
        cause="b1",
        correlation="b1",
        ts=NOON,
        ts_recorded=NOON,
        payload=bar(EURUSD, price, ts_open=ts_close - 60 * SECOND_NS, ts_close=ts_close),
    )


def test_says_what_the_strategy_says_and_hears_what_it_hears(file: Path) -> None:
    strategy = strategy_in(file)
    guarded = Guarded(strategy, str(file))
    assert (guarded.author, guarded.consumes) == (strategy.author, strategy.consumes)
    (answer,) = guarded.handle(closed("1.1"))
    assert isinstance(answer, SignalRaised)


@pytest.mark.parametrize("told", ["handle", "learn"])
def test_what_it_raises_names_the_line_the_strategy_and_the_event(file: Path, told: str) -> None:
    guarded = Guarded(strategy_in(file), str(file))
    with pytest.raises(StrategyFailed) as failed:
        getattr(guarded, told)(closed("1.2"))
    assert str(failed.value) == (
        f"{file} line 7, in on_bar: KeyError: '1.2' "
        "(strategy.mine at market.bar b1, 2014-05-01 12:00:00 UTC)"
    )
    assert isinstance(failed.value.__cause__, KeyError)


@pytest.mark.parametrize(
    ("last_line", "told"),
    [
        ("return 'buy'", "{file} line 5: Mine.on_bar answered 'buy', of type str: return what"),
        ("self.long(bar.instrument)", "{file} line 5: Mine.on_bar built SignalRaised("),
        ("return self.long('GBP/USD')", "{file} line 8, in on_bar: LookupError: 'GBP/USD' is none"),
        (
            "return self.order(bar.instrument, 'up')",
            "{file} line 8, in on_bar: TypeError: signal.raised: Invalid enum value 'up'",
        ),
        ("raise SystemExit(0)", "{file} line 8, in on_bar: SystemExit: 0"),
        ("yield 'buy'", "{file} line 5: Mine.on_bar answered 'buy'"),
    ],
)
def test_a_mistaken_answer_is_told_as_the_users_with_line_and_method(
    file: Path, last_line: str, told: str
) -> None:
    file.write_text(TEXT.replace("return self.long(bar.instrument)", last_line))
    guarded = Guarded(strategy_in(file), str(file))
    with pytest.raises(StrategyFailed) as failed:
        guarded.handle(closed("1.1"))
    assert str(failed.value).startswith(told.format(file=file))
    assert "strategy.mine at market.bar b1" in str(failed.value)


def test_a_host_that_looks_ahead_is_not_the_strategys_fault(file: Path) -> None:
    guarded = Guarded(strategy_in(file), str(file))
    with pytest.raises(LookAhead):
        guarded.handle(closed("1.1", ts_close=NOON + 1))
