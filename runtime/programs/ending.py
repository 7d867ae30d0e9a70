"""Whether a cell is at its end: nothing will follow in the journal of its run."""

from typing import Final

from events.codecs.json import decode_step
from events.journal import Journal
from runtime.recording import FINISHED
from schemas.cell import CellStopped
from schemas.envelope import Step

DRAINED: Final = "drained"
"""Why a cell stopped that an operator told to drain."""

FOR_GOOD: Final = (FINISHED, DRAINED)
"""Reasons after which nothing follows in the journal of that run."""


def ending_of(step: Step) -> str:
    """Why the cell stopped for good, if that is what the step says; else empty."""
    match step.input.payload:
        case CellStopped(reason=reason) if reason in FOR_GOOD:
            return reason
        case _:
            return ""


def has_ended(journal: Journal) -> bool:
    """Whether a run's cell has stopped for good."""
    end = journal.end()
    last = next(iter(journal.records(end - 1)), None) if end else None
    return last is not None and ending_of(decode_step(last.body)) != ""
