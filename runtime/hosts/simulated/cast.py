"""Who plays which part in a simulated world: the honest ones, or one that has a planted bug."""

from collections.abc import Callable
from dataclasses import dataclass

from actors.kit.runner import CellRunner
from events.backends.memory.journal import MemoryJournal
from events.journal import Journal
from projections.projector import Projector
from runtime.hosts.simulated.disk import FaultyJournal
from runtime.hosts.simulated.faults import Faults
from runtime.hosts.simulated.gateway import ExchangeGateway


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The programs under test.

    Attributes:
        disk: puts the runner's view before a stored journal.
    """

    runner: type[CellRunner] = CellRunner
    gateway: type[ExchangeGateway] = ExchangeGateway
    projector: type[Projector] = Projector
    disk: Callable[[MemoryJournal, Faults], Journal] = FaultyJournal


HONEST = Cast()
