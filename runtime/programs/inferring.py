"""An inference gateway as a program: it answers what cells ask of recognisers."""

from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, wait
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from runtime.backends import Backend
from runtime.inference.cell import AnsweredCell, CellParts
from runtime.inference.engines import Engines
from runtime.inference.shelf import Shelf
from runtime.programs.ending import FOR_GOOD
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.specs import InferenceSpec
from runtime.telemetry.opening import Watch

_WAIT_S: Final = 0.002
"""How long a turn waits for answers that are being worked out."""


class InferenceProgram:
    """Follows the journals of its cells, and posts answers into their ingresses.

    It implements ``Program``. What it owes stands in the journals, so that another incarnation
    answers what this one did not. Two of them may live at once: a cell hears the first.

    Args:
        watches: by run, what begins to watch what is done for it.
    """

    def __init__(
        self,
        spec: InferenceSpec,
        backend: Backend,
        shelf: Shelf,
        watches: Mapping[str, Watch] = MappingProxyType({}),
    ) -> None:
        self._spec: Final = spec
        self._engines: Final = Engines(shelf, spec.serving)
        writer = f"{spec.name}/{uuid4().hex[:12]}"
        self._watched: Final = {run: watch() for run, watch in watches.items()}
        self._cells: Final = {
            run: AnsweredCell(
                CellParts(
                    journal=backend.journal(cell, run),
                    ingress=backend.ingress(cell),
                    market_log=backend.market_log(),
                    engines=self._engines,
                    writer=writer,
                    share=spec.share,
                    desk=self._watched[run].desk() if run in self._watched else None,
                )
            )
            for cell, run in spec.cells
        }

    def start(self) -> None:
        """Models are opened when somebody asks for them."""

    def turn(self) -> bool:
        """Read, ask, and answer what is ready.

        Raises:
            LogError: a log cannot be read or written.
        """
        worked = self._engines.turn()
        for cell in self._cells.values():
            worked |= cell.turn()
        pending = [answers for cell in self._cells.values() for answers in cell.pending]
        if pending and not worked:
            wait(pending, timeout=_WAIT_S, return_when=FIRST_COMPLETED)
        return worked or bool(pending)

    def stop(self, reason: str) -> None:  # noqa: ARG002 - cells are told which model answers
        """The cells have stopped before: nobody would hear what is still to be said."""
        self.close()

    def close(self) -> None:
        self._engines.close()
        for cell in self._cells.values():
            cell.close()
        for watched in self._watched.values():
            watched.close()

    def status(self) -> ProgramStatus:
        cells = self._cells
        counters = {
            name: sum(cell.counters[name] for cell in cells.values())
            for name in ("answers", "abstentions")
        }
        over = all(cell.stopped in FOR_GOOD for cell in cells.values())
        return ProgramStatus(
            name=self._spec.name,
            kind="inference",
            stage=Stage.FINISHED if over else Stage.RUNNING,
            position={run: cell.position for run, cell in cells.items()},
            lag={run: cell.lag for run, cell in cells.items()},
            waits_for="; ".join(self._engines.troubles),
            counters={**counters, "evicted": self._engines.evicted},
        )
