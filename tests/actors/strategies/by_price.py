"""The built-in strategies that decide by prices alone.

Those that hear recognisers do nothing without one; they are played with them in
``tests/runtime/test_recognising.py``.
"""

from actors.strategies.catalogue import BUILT_IN, load
from tests.actors.strategies.real_bars import SPY

BY_PRICE = tuple(name for name in BUILT_IN if not load(name)([SPY]).wants.patterns)
