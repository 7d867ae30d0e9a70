"""Strategies as a list shows them: what they do, and what can be set."""

import msgspec

from actors.strategies.settings import parameters_of
from actors.strategies.template import Strategy
from schemas.strategy import ParameterValue


class ParameterDescription(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter: ``type`` is its Python name, ``bounds`` reads like ``>= 2 and <= 200``."""

    name: str
    type: str
    default: ParameterValue
    bounds: str
    doc: str


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """One strategy: the first line of its docstring and its parameters, its own ones first."""

    name: str
    doc: str
    parameters: tuple[ParameterDescription, ...]


def describe(owner: type[Strategy]) -> Description:
    """What a listing or ``--help`` says about a strategy."""
    return Description(
        name=owner.__name__,
        doc=(vars(owner).get("__doc__") or "").strip().partition("\n")[0],
        parameters=tuple(
            ParameterDescription(
                name=name,
                type=known.kind.__name__,
                default=known.default,
                bounds=str(known.bounds),
                doc=known.doc,
            )
            for name, known in parameters_of(owner).items()
        ),
    )
