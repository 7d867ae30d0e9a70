"""Parameters are typed and bounded, and say what is wrong with a value."""

import math

import pytest

from actors.strategies.parameters import Parameter, ParameterError, parameter
from actors.strategies.settings import assignments, parameters_of, settle
from actors.strategies.template import Strategy
from schemas.errors import UserError
from schemas.strategy import ParameterValue
from tests.actors.strategies.real_bars import EURUSD


class Example(Strategy):
    fast: int = parameter(10, ge=2, le=200, doc="bars of the fast average")
    width: float = parameter(2, gt=0, doc="distance in deviations")
    side: str = parameter("both", choices=("both", "long"))
    armed: bool = parameter(False)


def settled(**given: ParameterValue) -> dict[str, ParameterValue]:
    return settle(Example, "example", given)


def test_what_is_not_given_has_its_default() -> None:
    assert settled() == {
        "fast": 10,
        "width": 2.0,
        "side": "both",
        "armed": False,
        "interval": "1m",
        "price_type": "auto",
    }


def test_the_order_of_values_does_not_depend_on_the_order_in_which_they_are_given() -> None:
    one, other = settled(armed=True, fast=3), settled(fast=3, armed=True)
    assert list(one.items()) == list(other.items())


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("fast", "25", 25),
        ("width", "1.5", 1.5),
        ("width", "3", 3.0),
        ("side", "long", "long"),
        ("armed", "true", True),
        ("armed", "No", False),
    ],
)
def test_reads_text_from_the_command_line_as_its_type(
    name: str, text: str, value: ParameterValue
) -> None:
    read = settled(**{name: text})[name]
    assert read == value
    assert type(read) is type(value)


def test_an_integer_is_a_float_where_a_float_is_asked_for() -> None:
    assert type(settled(width=3)["width"]) is float


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("fast", 1, "fast=1 must be >= 2 and <= 200 (bars of the fast average)"),
        ("fast", 201, "fast=201 must be >= 2 and <= 200"),
        ("fast", "ten", "fast='ten' must be of type int"),
        ("fast", 10.0, "fast=10.0 must be of type int"),
        ("fast", True, "fast=True must be of type int"),
        ("width", 0.0, "width=0.0 must be > 0"),
        ("width", math.nan, "width=nan must be > 0"),
        ("width", "inf", "width=inf must be > 0"),
        ("side", "short", "side=short must be one of both, long"),
        ("side", 3, "side=3 must be of type str"),
        ("armed", "perhaps", "armed='perhaps' must be of type bool"),
        ("armed", 1, "armed=1 must be of type bool"),
    ],
)
def test_refuses_a_value_and_names_strategy_parameter_value_and_bounds(
    name: str, value: ParameterValue, message: str
) -> None:
    with pytest.raises(ParameterError) as refused:
        settled(**{name: value})
    assert str(refused.value).startswith("strategy example: parameter ")
    assert message in str(refused.value)


def test_an_error_of_a_parameter_is_the_users_to_mend() -> None:
    assert issubclass(ParameterError, UserError)


def test_an_unknown_name_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(ParameterError, match="no parameter 'fats'; did you mean fast"):
        settled(fats=3)
    with pytest.raises(ParameterError, match="it has fast, width, side, armed"):
        settled(zzz=3)


def test_a_default_must_keep_its_own_bounds() -> None:
    with pytest.raises(ParameterError, match="fast=1 must be >= 2"):
        type("Broken", (Strategy,), {"fast": parameter(1, ge=2)})


def test_a_parameter_must_be_a_plain_value() -> None:
    declared = {"legs": parameter(1), "__annotations__": {"legs": list}}
    with pytest.raises(TypeError, match=r"Broken\.legs is no int, float, str or bool"):
        type("Broken", (Strategy,), declared)


def test_a_parameter_may_not_hide_a_method_of_the_template() -> None:
    with pytest.raises(TypeError, match=r"parameter Broken\.long hides Answers\.long"):
        type("Broken", (Strategy,), {"long": parameter(1)})


def test_a_subclass_may_give_an_inherited_parameter_another_default() -> None:
    class Slower(Example):
        interval: str = parameter("4h")

    assert Slower([EURUSD]).interval == "4h"
    assert Slower([EURUSD]).fast == 10


def test_annotations_may_be_text() -> None:
    declared = {"width": parameter(2), "__annotations__": {"width": "float"}}
    assert settle(type("Postponed", (Strategy,), declared), "p", {})["width"] == 2.0


def test_an_instance_reads_its_value_and_cannot_change_it() -> None:
    strategy = Example([EURUSD], {"fast": "25"})
    assert strategy.fast == 25
    with pytest.raises(AttributeError, match="parameter fast is fixed"):
        strategy.fast = 30


def test_two_instances_do_not_share_values() -> None:
    one, other = Example([EURUSD], {"fast": 3}), Example([EURUSD])
    assert (one.fast, other.fast) == (3, 10)


def test_a_class_lists_its_own_parameters_before_inherited_ones() -> None:
    listed = parameters_of(Example)
    assert list(listed) == ["fast", "width", "side", "armed", "interval", "price_type"]
    assert isinstance(listed["fast"], Parameter)
    assert str(listed["fast"].bounds) == ">= 2 and <= 200"


def test_reads_assignments() -> None:
    assert assignments(["fast=10", " slow = 30", "note=a=b"]) == {
        "fast": "10",
        "slow": "30",
        "note": "a=b",
    }


@pytest.mark.parametrize("text", ["fast", "=10", ""])
def test_refuses_what_is_no_assignment(text: str) -> None:
    with pytest.raises(ParameterError, match="must read name=value"):
        assignments([text])


def test_refuses_a_parameter_that_is_given_twice() -> None:
    with pytest.raises(ParameterError, match="--param fast is given twice: 1 and 2"):
        assignments(["fast=1", "fast=2"])
