"""An execution gateway as a program: it sends what cells want sent."""

from collections.abc import Mapping
from time import time_ns
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from actors.execution.exchange import Exchange
from actors.execution.gateway import ExecutionGateway, GatewayParts
from actors.execution.paper.line import PaperLine
from runtime.backends import Backend
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.projecting import has_ended
from runtime.programs.specs import ExecutionSpec
from runtime.telemetry.observed import ObservedExchange
from runtime.telemetry.opening import Watch


class ExecutionProgram:
    """One gateway a cell, all to one exchange. It implements ``Program``.

    What it owes stands in the journals. Two of them may live at once: of each order one of them has
    the right to send it.

    Args:
        watches: by run, what begins to watch what is done for it.
    """

    def __init__(
        self,
        spec: ExecutionSpec,
        backend: Backend,
        watches: Mapping[str, Watch] = MappingProxyType({}),
    ) -> None:
        self._spec: Final = spec
        self._holder: Final = f"{spec.name}/{uuid4().hex[:12]}"
        self._journals: Final = {run: backend.journal(cell, run) for cell, run in spec.cells}
        self._watched: Final = {run: watch() for run, watch in watches.items()}
        self._gateways: Final = {
            run: ExecutionGateway(
                GatewayParts(
                    author=f"gateway.{spec.name}",
                    holder=self._holder,
                    journal=self._journals[run],
                    ingress=backend.ingress(cell),
                    exchange=self._line(backend, cell, run),
                    clock=time_ns,
                    lease=spec.lease,
                )
            )
            for cell, run in spec.cells
        }

    def start(self) -> None:
        """The exchange is asked when there is something to ask about."""

    def turn(self) -> bool:
        """Read, send, ask and report what is due.

        Raises:
            LogError: a log cannot be read or written.
        """
        worked = [gateway.turn() for gateway in self._gateways.values()]
        return any(worked)

    def stop(self, reason: str) -> None:  # noqa: ARG002 - what works at the exchange goes on
        """The cells have stopped before: they would not hear what is still to be said."""
        self.close()

    def close(self) -> None:
        for gateway in self._gateways.values():
            gateway.close()
        for watched in self._watched.values():
            watched.close()

    def status(self) -> ProgramStatus:
        gateways = self._gateways
        names = ("sent", "no_reply", "reports", "foreign")
        counters = {name: sum(each.counters[name] for each in gateways.values()) for name in names}
        over = all(has_ended(journal) for journal in self._journals.values())
        ends = {run: journal.end() for run, journal in self._journals.items()}
        return ProgramStatus(
            name=self._spec.name,
            kind="execution",
            stage=Stage.FINISHED if over else Stage.RUNNING,
            position={run: each.position for run, each in gateways.items()},
            lag={run: end - gateways[run].position for run, end in ends.items()},
            counters={**counters, "open": sum(each.open_orders for each in gateways.values())},
        )

    def _line(self, backend: Backend, cell: str, run: str) -> Exchange:
        book = self._spec.book
        holder = f"{self._holder}/{cell}"
        line = PaperLine(backend.journal(book), backend.ingress(book), holder, time_ns)
        if run not in self._watched:
            return line
        return ObservedExchange(line, f"gateway.{self._spec.name}", self._watched[run].desk())
