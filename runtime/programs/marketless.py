"""What leads a cell without a market: its inputs are what is posted to it."""

from collections.abc import Callable
from time import time_ns

from actors.kit.runner import CellParts, CellRunner
from actors.kit.sequencer import Identity
from actors.kit.shapes import Decider
from events.ingress import Ingress
from runtime.backends import Backend
from runtime.terms import Terms, started
from schemas.quantities import Nanoseconds


def runner(
    terms: Terms,
    run: str,
    rules: Decider,
    backend: Backend,
    ingress: Ingress,
    market_clock: Callable[[], Nanoseconds],
) -> CellRunner:
    """A runner for the cell's journal, not started yet.

    Args:
        rules: those of the terms, whose state the caller wants to see.
        market_clock: what time it is when nothing else says so.
    """
    return CellRunner(
        CellParts(
            identity=Identity(cell=terms.name, run=run),
            deciders=(rules,),
            journal=backend.journal(terms.name, run),
            ingress=ingress,
            started=started(terms),
            recording_clock=time_ns,
            market_clock=market_clock,
        )
    )
