"""In which order programs stop: whoever writes what another reads stops before it."""

from collections.abc import Iterable, Sequence
from typing import Final

from runtime.programs.specs import ProgramSpec, kind_of

_TIERS: Final = (
    *("feed", "cell", "trials", "search", "firm"),
    *("execution", "exchange", "inference", "projector"),
)


def stopping_order(programs: Iterable[ProgramSpec]) -> Sequence[tuple[str, ...]]:
    """Names of programs that stop together, those that stop first at the beginning."""
    listed = tuple(programs)
    return [
        names
        for tier in _TIERS
        if (names := tuple(each.name for each in listed if kind_of(each) == tier))
    ]
