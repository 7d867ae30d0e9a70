"""Who plays which part in a simulated world: the honest ones, or one that has a planted bug."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from actors.execution.gateway import ExecutionGateway
from actors.kit.runner import CellRunner
from actors.kit.shapes import Decider
from events.backends.memory.journal import MemoryJournal
from events.journal import Journal
from projections.projector import Projector
from runtime.hosts.simulated.broker import LossyConnections
from runtime.hosts.simulated.disk import FaultyJournal
from runtime.hosts.simulated.faults import Faults
from runtime.hosts.simulated.line import Line
from runtime.hosts.simulated.workload import deciders as honest_deciders


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The programs under test.

    Attributes:
        deciders: makes a fresh cell's.
        line: a gateway's to the exchange.
        disk: puts a disk that fails before a journal in memory.
        connections: a program's to the broker.
    """

    deciders: Callable[[], Sequence[Decider]] = honest_deciders
    runner: type[CellRunner] = CellRunner
    gateway: type[ExecutionGateway] = ExecutionGateway
    line: type[Line] = Line
    projector: type[Projector] = Projector
    disk: Callable[[MemoryJournal, Faults], Journal] = FaultyJournal
    connections: type[LossyConnections] = LossyConnections


HONEST = Cast()
