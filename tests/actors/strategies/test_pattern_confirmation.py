"""Two opinions are needed, and one alone is withheld aloud."""

from decimal import Decimal
from typing import Literal

import pytest
from msgspec.structs import replace

from actors.kit.testing import Scenario, at, closed, given
from actors.strategies.parameters import ParameterError
from actors.strategies.pattern_confirmation import PatternConfirmation
from actors.strategies.streams import WantedPatterns
from schemas.envelope import AnyEvent
from schemas.pattern import PatternRecognised
from schemas.signal import SignalRaised, SignalWithheld
from tests.actors.strategies.obedient import filled
from tests.actors.strategies.real_bars import EURUSD, MINUTE_NS, eurusd

BARS = eurusd()[:80]
NOW = BARS[-1].ts_close
SHORT_TREND = {"fast": 3, "slow": 10}
"""At bar 80, on a fall."""


def seen(
    direction: Literal["long", "short", "flat"],
    *,
    by: str = "rules",
    after: int = 0,
    confidence: float = 0.5,
) -> AnyEvent:
    """What somebody saw so many minutes after the last bar."""
    return at(
        NOW + after * MINUTE_NS,
        PatternRecognised(
            request=f"{by}{after}",
            instrument=EURUSD.id,
            interval="1m",
            recogniser=by,
            pattern="hammer",
            direction=direction,
            begins=NOW,
            horizon=10 * MINUTE_NS,
            confidence=confidence,
            calibrated=by != "rules",
            model_digest="m",
            chart_hash="",
            feature_hash="f",
            latency=0,
        ),
    )


def scenario(**parameters: str | float) -> Scenario[PatternConfirmation]:
    chosen = {**SHORT_TREND, **parameters}
    return given(lambda: PatternConfirmation([EURUSD], chosen), *map(closed, BARS))


def trend() -> Literal["long", "short"]:
    opinions = scenario().decider.opinions[EURUSD.id]
    return "long" if opinions.fast.value > opinions.slow.value else "short"


def against(direction: Literal["long", "short"]) -> Literal["long", "short"]:
    return "short" if direction == "long" else "long"


def test_enters_with_the_trend_by_a_bracket() -> None:
    (said,) = scenario().when(seen(trend())).then(SignalRaised).answers
    assert isinstance(said, SignalRaised)
    assert said.direction == trend()
    assert said.reason["pattern"] == "hammer"
    assert said.terms.stop_loss is not None
    assert said.terms.take_profit is not None
    rising = said.terms.take_profit > BARS[-1].close > said.terms.stop_loss
    assert rising == (trend() == "long")


def test_withholds_aloud_what_the_trend_does_not_confirm() -> None:
    direction = against(trend())
    scenario().when(seen(direction)).then(
        SignalWithheld(
            instrument=EURUSD.id,
            direction=direction,
            rule="confirmation",
            limit=f"trend {direction}",
            value=f"trend {trend()}",
        )
    )


@pytest.mark.parametrize("order", [("rules", "fast"), ("fast", "rules")])
def test_two_recognisers_agree_in_either_order(order: tuple[str, str]) -> None:
    first, second = order
    made = scenario(second="fast", fast=3).when(seen("long", by=first))
    made.then(*([SignalWithheld] if first == "rules" else []))
    made.when(seen("long", by=second, after=5)).then(SignalRaised)


def test_an_opinion_is_over_with_its_horizon() -> None:
    made = scenario(second="fast").when(seen("long", by="fast")).then()
    made.when(seen("long", after=11)).then(SignalWithheld)


def test_two_that_differ_do_not_trade() -> None:
    made = scenario(second="fast").when(seen("short", by="fast")).then()
    made.when(seen("long", after=1)).then(SignalWithheld)


def test_passes_over_what_has_no_direction_or_too_little_confidence_or_another_author() -> None:
    made = scenario(confidence=0.6)
    made.when(seen("flat")).then()
    made.when(seen("long", after=1)).then()
    made.when(seen("long", by="somebody", after=2, confidence=0.9)).then()


def test_waits_while_it_holds_a_position() -> None:
    made = scenario()
    units = Decimal(1_000)
    for payload in filled(made.decider, EURUSD.id, units, BARS[-1].close, units):
        made.tell(at(NOW, payload))
    made.when(seen(trend(), after=1)).then()


def test_two_patterns_of_one_bar_are_one_entry() -> None:
    made = scenario().when(seen(trend())).then(SignalRaised)
    other = seen(trend()).payload
    assert isinstance(other, PatternRecognised)
    made.when(at(NOW, replace(other, pattern="double_bottom"))).then()


def test_asks_for_the_recognisers_that_it_listens_to() -> None:
    wants = PatternConfirmation([EURUSD], {"second": "fast", "interval": "5m"}).wants
    assert wants.patterns == (
        WantedPatterns("rules", EURUSD.id, "5m", "auto"),
        WantedPatterns("fast", EURUSD.id, "5m", "auto"),
    )


def test_one_opinion_twice_is_refused() -> None:
    with pytest.raises(ParameterError, match="first and second must be two opinions"):
        PatternConfirmation([EURUSD], {"second": "rules"})
