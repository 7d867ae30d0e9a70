"""A firm as it is told to be, and its decisions again from what it heard."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from actors.kit.deliberation import Deliberation
from actors.kit.inputs import input_of
from actors.kit.sequencer import Identity, Sequencer, StepSink
from actors.kit.shapes import Folded
from actors.risk.firm import FirmBook, FirmLimits, FirmRisk
from runtime.config import ConfigError
from runtime.started import started_by
from schemas.cell import CellStarted
from schemas.envelope import Step


class FirmTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a firm's decisions depend on, beside what it hears.

    Attributes:
        cells: names and runs.
    """

    name: str
    cells: tuple[tuple[str, str], ...]
    limits: FirmLimits = FirmLimits()

    def rules(self) -> Folded[FirmBook]:
        """The firm's decider."""
        return Folded(FirmRisk(self.name, [cell for cell, _ in self.cells], self.limits))

    def started(self) -> CellStarted:
        """What the firm's journal begins with."""
        return started_by(self.rules().author, self)


_terms: Final = msgspec.json.Decoder(FirmTerms).decode


def recorded_terms(configuration: str) -> FirmTerms:
    """The terms in a ``cell.started``.

    Raises:
        ConfigError: it holds something else.
    """
    try:
        return _terms(configuration)
    except msgspec.MsgspecError as error:
        raise ConfigError(f"the firm's recorded terms cannot be read: {error}") from error


def recomputed_firm(
    terms: FirmTerms, run: str, recorded: Iterable[Step], sink: StepSink
) -> Iterator[Step]:
    """What the same rules decide about everything that a firm was told, in that order."""
    sequencer = Sequencer(
        Identity(cell=terms.name, run=run),
        Deliberation((terms.rules(),)),
        sink,
        epoch=sink.head.epoch,
        recording_clock=lambda: 0,
    )
    for step in recorded:
        again = sequencer.take(input_of(step.input), origin=step.origin)
        if again is not None:
            yield again
