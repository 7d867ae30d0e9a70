"""Which chains are kept: all in which something was decided, and a share of the rest."""

from collections import OrderedDict
from typing import Final

from schemas.envelope import Step
from schemas.kinds import SUBJECTS
from schemas.registry import Payload, registered
from schemas.trace_context import is_within, trace_id

assert SUBJECTS  # Importing it has filled the registry.

DECISIVE: Final[frozenset[type[Payload]]] = frozenset(
    payload for kind, _, payload in registered() if kind.partition(".")[0] in ("signal", "order")
)
"""Signals raised and withheld; orders requested, approved, vetoed, filled and whatever else befell
them."""

_REMEMBERED_MAX: Final = 65_536


class Sampling:
    """Says of each step whether its chain is kept, as far as the chain has come."""

    def __init__(self, cell: str, run: str, share: float) -> None:
        self._cell: Final = cell
        self._run: Final = run
        self._share: Final = share
        self._decided: Final[OrderedDict[str, None]] = OrderedDict()

    def keeps(self, step: Step) -> bool:
        """Whether something was decided in this step, or in its chain before, or it is in the
        share.
        """
        chain = step.input.correlation
        if chain in self._decided:
            self._decided.move_to_end(chain)
            return True
        if any(type(event.payload) in DECISIVE for event in step.events):
            self._decided[chain] = None
            if len(self._decided) > _REMEMBERED_MAX:
                self._decided.popitem(last=False)
            return True
        return self._share > 0 and is_within(trace_id(self._cell, self._run, chain), self._share)
