"""Which inputs a cell has taken, by the names that the business gave them."""

from typing import Final

from actors.kit.inputs import Input
from schemas.envelope import AnyEvent
from schemas.identity import parse_tick_id
from schemas.market import Quote, Trade

TICKS: Final = frozenset((Quote, Trade))
"""Payload classes of single market records."""


class BusinessKeys:
    """A set that ticks do not fill: a source numbers them upwards, so its last number says all.

    A venue's trade ids may look like a tick's name, so the payload says which rule holds.
    """

    def __init__(self) -> None:
        self._names: Final[set[str]] = set()
        self._last_tick: Final[dict[str, int]] = {}

    def note(self, taken: AnyEvent) -> None:
        """Remember an input that was taken."""
        tick = _tick(taken)
        if tick is None:
            self._names.add(taken.id)
            return
        source, seq = tick
        self._last_tick[source] = max(seq, self._last_tick.get(source, seq))

    def __contains__(self, given: Input) -> bool:
        tick = _tick(given)
        if tick is None:
            return given.id in self._names
        source, seq = tick
        return seq <= self._last_tick.get(source, -1)


def _tick(named: Input | AnyEvent) -> tuple[str, int] | None:
    return parse_tick_id(named.id) if type(named.payload) in TICKS else None
