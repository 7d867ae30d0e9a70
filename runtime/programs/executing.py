"""An execution gateway as a program: it sends what a cell wants sent."""

from time import time_ns
from typing import Final
from uuid import uuid4

from actors.execution.exchange import Exchange
from actors.execution.gateway import ExecutionGateway, GatewayParts
from actors.execution.paper.line import PaperLine
from runtime.backends import Backend
from runtime.programs.ending import has_ended
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.specs import ExecutionSpec
from runtime.telemetry.observed import ObservedExchange
from runtime.telemetry.opening import Watch


class ExecutionProgram:
    """It implements ``Program``. What it owes stands in the cell's journal. Two of them may live at
    once: of each order one has the right to send it.

    Args:
        watch: begins to watch what is done for the cell, if it is to be watched.
    """

    def __init__(self, spec: ExecutionSpec, backend: Backend, watch: Watch | None = None) -> None:
        self._spec: Final = spec
        self._author: Final = f"gateway.{spec.name}"
        self._holder: Final = f"{spec.name}/{uuid4().hex[:12]}"
        self._journal: Final = backend.journal(spec.cell, spec.run)
        self._watched: Final = watch() if watch is not None else None
        self._gateway: Final = ExecutionGateway(
            GatewayParts(
                author=self._author,
                holder=self._holder,
                journal=self._journal,
                ingress=backend.ingress(spec.cell),
                exchange=self._line(backend),
                clock=time_ns,
                lease=spec.lease,
            )
        )

    def start(self) -> None:
        """The exchange is asked when there is something to ask about."""

    def turn(self) -> bool:
        """Read, send, ask and report what is due.

        Raises:
            LogError: a log cannot be read or written.
        """
        return self._gateway.turn()

    def stop(self, reason: str) -> None:  # noqa: ARG002 - what works at the exchange goes on
        """The cell has stopped before: it would not hear what is still to be said."""
        self.close()

    def close(self) -> None:
        self._gateway.close()
        if self._watched is not None:
            self._watched.close()

    def status(self) -> ProgramStatus:
        run, gateway = self._spec.run, self._gateway
        return ProgramStatus(
            name=self._spec.name,
            kind="execution",
            stage=Stage.FINISHED if has_ended(self._journal) else Stage.RUNNING,
            position={run: gateway.position},
            lag={run: self._journal.end() - gateway.position},
            counters={**gateway.counters, "open": gateway.open_orders},
        )

    def _line(self, backend: Backend) -> Exchange:
        book = self._spec.book
        line = PaperLine(backend.journal(book), backend.ingress(book), self._holder, time_ns)
        if self._watched is None:
            return line
        return ObservedExchange(line, self._author, self._watched.desk())
