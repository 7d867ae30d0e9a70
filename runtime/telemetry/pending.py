"""Chains in which nothing was decided yet, kept for a while in case something will be."""

from collections import OrderedDict
from typing import Final

from runtime.telemetry.taken import Taken

CHAINS_MAX: Final = 4_096
STEPS_MAX: Final = 64
"""Of a chain; a chain that long without a decision loses its newest steps."""


class Pending:
    """The last chains that are not kept so far."""

    def __init__(self, chains_max: int = CHAINS_MAX) -> None:
        self._chains_max: Final = chains_max
        self._chains: Final[OrderedDict[str, list[Taken]]] = OrderedDict()

    def hold(self, taken: Taken) -> None:
        """Keep a step back; the chain that was touched least recently may have to go."""
        chain = taken.step.input.correlation
        held = self._chains.setdefault(chain, [])
        self._chains.move_to_end(chain)
        if len(held) < STEPS_MAX:
            held.append(taken)
        if len(self._chains) > self._chains_max:
            self._chains.popitem(last=False)

    def release(self, chain: str) -> list[Taken]:
        """What was held back of a chain that is kept after all."""
        return self._chains.pop(chain, [])
