"""Recognisers that answer inside the cell, by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from actors.patterns.config import PatternConfig
from actors.patterns.recogniser import Recogniser
from actors.patterns.rules.parameters import RuleParameters
from actors.patterns.rules.recogniser import Rules
from schemas.errors import UserError


class UnfitRecogniser(UserError):
    """A configuration asks for something that a recogniser cannot do."""


def _rules(config: PatternConfig) -> Rules:
    return Rules(msgspec.convert(config.parameters, RuleParameters), config.only)


IN_CELL: Final[Mapping[str, Callable[[PatternConfig], Recogniser]]] = MappingProxyType(
    {"rules": _rules}
)
"""They are deterministic and fast enough to be asked in the step of a bar."""


def made(config: PatternConfig) -> Recogniser:
    """The recogniser of a configuration, one of ``IN_CELL``.

    Raises:
        UnfitRecogniser: a parameter or a pattern's name does not fit.
    """
    try:
        return IN_CELL[config.use](config)
    except ValueError as error:  # msgspec's validation errors are among them
        raise UnfitRecogniser(f"patterns {config.use}: {error}") from error
