"""What a hook may answer, and how a mistake is told."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from actors.kit.testing import closed
from actors.strategies.answers import Answers
from actors.strategies.spoken import Misspoken
from actors.strategies.template import Strategy
from schemas.market import Bar
from schemas.order import Terms
from schemas.registry import Payload
from schemas.signal import SignalRaised
from tests.actors.strategies.real_bars import EURUSD, eurusd

SOON: Any = "soon"
LONG = SignalRaised(instrument=EURUSD.id, direction="long")


class Answering(Strategy):
    """Answers what it is told to."""

    def prepare(self) -> None:
        self.answer: Callable[[Bar], Any] = lambda bar: None

    def on_bar(self, bar: Bar) -> Any:
        return self.answer(bar)


LINE = Answering.on_bar.__code__.co_firstlineno


def answered(answer: Callable[[Bar], object]) -> tuple[Payload, ...]:
    strategy = Answering([EURUSD])
    strategy.answer = answer
    return strategy.handle(closed(eurusd()[0]))


def yielding(*answers: object) -> Callable[[Bar], Iterator[object]]:
    return lambda bar: iter(answers)


@pytest.mark.parametrize(
    "answer",
    [lambda bar: LONG, lambda bar: [LONG], yielding(LONG)],
    ids=["one", "a list", "a generator"],
)
def test_one_answer_or_several_are_spoken(answer: Callable[[Bar], object]) -> None:
    assert answered(answer) == (LONG,)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda bar: "buy", "answered 'buy', of type str"),
        (lambda bar: True, "answered True, of type bool"),
        (lambda bar: 1.5, "answered 1.5, of type float"),
        (lambda bar: {"direction": "long"}, "of type dict"),
        (lambda bar: [LONG, "sell"], "answered 'sell', of type str"),
        (yielding(LONG, None), "answered None, of type NoneType"),
        (lambda bar: bar, "of type Bar"),
    ],
)
def test_what_is_no_answer_is_told_with_the_hook_and_its_line(
    answer: Callable[[Bar], object], told: str
) -> None:
    with pytest.raises(Misspoken) as error:
        answered(answer)
    assert str(error.value).startswith("Answering.on_bar answered ")
    assert told in str(error.value)
    assert "return what self.long" in str(error.value)
    assert error.value.line == LINE


def test_an_answer_that_is_built_and_not_returned_is_an_error() -> None:
    class Forgetful(Strategy):
        def on_bar(self, bar: Bar) -> None:
            self.long(bar.instrument)

    with pytest.raises(Misspoken, match=r"Forgetful\.on_bar built SignalRaised.* did not return"):
        Forgetful([EURUSD]).handle(closed(eurusd()[0]))


@pytest.mark.parametrize(
    ("mistaken", "told"),
    [
        (lambda say: say.order(EURUSD.id, "up"), r"Invalid enum value 'up'.*direction"),
        (lambda say: say.long(EURUSD.id, terms=Terms(type=SOON)), r"Invalid enum.*terms\.type"),
        (lambda say: say.withdraw(EURUSD.id, 5, "old"), r"Expected `str`.*client_order_id"),
        (lambda say: say.wake("noon", at=12.5), r"timer\.set: Expected `int`, got `float`.*at"),
        (lambda say: say.withhold(EURUSD.id, "long", rule=1, limit=1, value=1), r"str.*rule"),
    ],
)
def test_a_field_of_the_wrong_type_is_named_where_it_is_given(
    mistaken: Callable[[Any], object], told: str
) -> None:
    with pytest.raises(TypeError, match=told):
        mistaken(Answers({EURUSD.id: EURUSD}))


@pytest.mark.parametrize("strength", [-0.1, 1.5, float("nan"), "much"])
def test_a_strength_lies_between_0_and_1(strength: Any) -> None:
    with pytest.raises(ValueError, match=r"strength|float"):
        Answers({EURUSD.id: EURUSD}).long(EURUSD.id, strength=strength)


@pytest.mark.parametrize("number", [1e30, float("inf"), float("nan")])
def test_a_number_that_no_decimal_holds_is_named(number: float) -> None:
    with pytest.raises(ValueError, match=f"{EURUSD.id}: {re.escape(str(number))} is no price or q"):
        Answers({EURUSD.id: EURUSD}).order(EURUSD.id, "long", quantity=number)


def test_an_answer_made_by_hand_is_held_to_the_same() -> None:
    wrong: Any = "much"
    with pytest.raises(TypeError, match=r"signal\.raised: Expected `float`"):
        answered(lambda bar: SignalRaised(instrument=EURUSD.id, direction="long", strength=wrong))


def test_numbers_of_numpy_are_numbers() -> None:
    say = Answers({EURUSD.id: EURUSD})
    signal = say.long(
        EURUSD.id, quantity=np.float64(1000), strength=np.float64(0.5), reason={"x": np.int64(3)}
    )
    assert (signal.quantity, signal.strength) == (Decimal(1000), 0.5)
