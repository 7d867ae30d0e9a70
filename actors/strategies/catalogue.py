"""Strategies by name, ``ema_cross``, or from a user's file, ``path/to/file.py:ClassName``."""

import sys
from collections.abc import Mapping
from difflib import get_close_matches
from hashlib import blake2b
from importlib import import_module
from types import MappingProxyType
from typing import Final

from actors.strategies.source import StrategyNotFound, class_in, digest_of, module_from
from actors.strategies.template import Strategy

BUILT_IN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bollinger_reversion": "BollingerReversion",
        "buy_and_hold": "BuyAndHold",
        "donchian_breakout": "DonchianBreakout",
        "ema_cross": "EmaCross",
        "pattern_confirmation": "PatternConfirmation",
    }
)
"""Name and class of every built-in strategy; its module has its name."""


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


def code_digest(owner: type[Strategy]) -> str:
    """BLAKE2b-128 of the text that a strategy, and the strategies it builds on, stand in."""
    state = blake2b(digest_size=16)
    for part in owner.__mro__:
        if issubclass(part, Strategy):
            state.update(digest_of(sys.modules[part.__module__]).encode())
    return state.hexdigest()
