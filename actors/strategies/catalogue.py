"""Strategies by name, ``ema_cross``, or from a user's file, ``path/to/file.py:ClassName``."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from types import MappingProxyType
from typing import Final

import msgspec

from actors.strategies.source import StrategyNotFound, class_in, module_from
from actors.strategies.template import Strategy
from schemas.market import Instrument
from schemas.strategy import ParameterValue

BUILT_IN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bollinger_reversion": "BollingerReversion",
        "buy_and_hold": "BuyAndHold",
        "donchian_breakout": "DonchianBreakout",
        "ema_cross": "EmaCross",
    }
)
"""Name and class of every built-in strategy; its module has its name."""


class StrategyConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One strategy of a run.

    Attributes:
        use: a built-in's name, or ``path/to/file.py:ClassName``.
        name: its name in the cell, where two of a kind run side by side; else the class' own.
        instruments: ids of what it trades; all instruments of the cell when empty.
        parameters: values by name, as they differ from the defaults.
    """

    use: str
    name: str | None = None
    instruments: tuple[str, ...] = ()
    parameters: dict[str, ParameterValue] = {}


def load(use: str) -> type[Strategy]:
    """The class behind a built-in's name or ``path/to/file.py:ClassName``.

    Raises:
        StrategyNotFound: there is none, or the file cannot be run; the message says where and why.
    """
    if use in BUILT_IN:
        return class_in(import_module(f"actors.strategies.{use}"), BUILT_IN[use])
    path, separator, name = use.rpartition(":")
    if path.endswith(".py"):
        return class_in(module_from(path), name)
    if name.endswith(".py") or separator:
        raise StrategyNotFound(f"strategy {use!r} must read path/to/file.py:ClassName")
    near = get_close_matches(use, BUILT_IN, n=1)
    hint = f"did you mean {near[0]}" if near else f"there are {', '.join(BUILT_IN)}"
    raise StrategyNotFound(f"no strategy is called {use!r}; {hint}, or path/to/file.py:ClassName")


def build(config: StrategyConfig, instruments: Sequence[Instrument]) -> Strategy:
    """The strategy that a configuration asks for, over the cell's instruments.

    Raises:
        StrategyNotFound: ``use`` names none, or an instrument that it wants is not in the cell.
        ParameterError: a parameter does not fit.
    """
    owner = load(config.use)
    known = {instrument.id: instrument for instrument in instruments}
    for wanted in config.instruments:
        if wanted not in known:
            raise StrategyNotFound(
                f"strategy {config.use}: instrument {wanted!r} is not in the cell; "
                f"it has {', '.join(known)}"
            )
    chosen = [known[wanted] for wanted in config.instruments or known]
    return owner(chosen, config.parameters, name=config.name)
