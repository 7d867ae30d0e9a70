"""From what a user gave to a value for every parameter."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from actors.strategies.parameters import Parameter, ParameterError
from schemas.strategy import ParameterValue


def parameters_of(owner: type) -> dict[str, Parameter]:
    """A class' parameters by name: its own in the order of declaration, then those it inherits."""
    return {
        name: attribute
        for part in owner.__mro__
        for name, attribute in vars(part).items()
        if isinstance(attribute, Parameter) and getattr(owner, name) is attribute
    }


def settle(
    owner: type, strategy: str, given: Mapping[str, ParameterValue]
) -> dict[str, ParameterValue]:
    """Every parameter of ``owner`` with the value given for it, or else its default.

    Raises:
        ParameterError: a name is unknown, or a value does not fit.
    """
    declared = parameters_of(owner)
    for name in given:
        if name not in declared:
            raise ParameterError(
                f"strategy {strategy} has no parameter {name!r}{_hint(name, declared)}"
            )
    return {
        name: known.accept(strategy, given[name]) if name in given else known.default
        for name, known in declared.items()
    }


def _hint(name: str, declared: Iterable[str]) -> str:
    near = get_close_matches(name, declared, n=1)
    return f"; did you mean {near[0]}?" if near else f"; it has {', '.join(declared)}"


def assignments(texts: Iterable[str]) -> dict[str, ParameterValue]:
    """``["fast=10", "slow=30"]``, as ``--param`` gives it, by name; a strategy reads the values.

    Raises:
        ParameterError: a text has no ``=``, or names a parameter again.
    """
    given: dict[str, ParameterValue] = {}
    for text in texts:
        name, separator, value = (part.strip() for part in text.partition("="))
        if not (name and separator):
            raise ParameterError(f"--param {text!r} must read name=value, such as fast=10")
        if name in given:
            raise ParameterError(f"--param {name} is given twice: {given[name]} and {value}")
        given[name] = value
    return given
