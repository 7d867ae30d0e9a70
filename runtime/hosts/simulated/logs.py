"""The logs of a world: as the programs have them, where anything can fail, and as they are."""

from collections.abc import Callable
from typing import Final, Protocol

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.ingress import KafkaIngress
from events.backends.kafka.journal import KafkaJournal
from events.backends.kafka.market_log import KafkaMarketLog
from events.backends.kafka.names import ingress_topic, journal_topic
from events.backends.memory.ingress import MemoryIngress
from events.backends.memory.journal import MemoryJournal
from events.backends.memory.market_log import MemoryMarketLog
from events.ingress import Ingress
from events.journal import Journal
from events.market_log import MarketLog
from runtime.hosts.simulated.broker import LossyConnections, SimulatedBroker
from runtime.hosts.simulated.faults import Faults, Plan
from runtime.hosts.simulated.scheduler import Scheduler
from runtime.hosts.simulated.trace import Trace
from runtime.hosts.simulated.workload import SOURCE

CELL: Final = "simulated"
_CONFIG: Final = KafkaConfig(prefix="simulated")
_RECORD_BYTES: Final = 500
"""Small, so that several records make a flush, and one can be torn."""


class View(Protocol):
    """The logs through somebody's eyes."""

    @property
    def journal(self) -> Journal: ...

    @property
    def market(self) -> MarketLog: ...

    @property
    def ingress(self) -> Ingress: ...


class Logs(Protocol):
    """Of one world.

    Attributes:
        honest: as they are, for those who look on.
    """

    @property
    def honest(self) -> View: ...

    def boot(self) -> View:
        """As a program has them that starts now."""
        ...

    def boot_runner(self) -> View:
        """As a runner has them, whose journal can fail like a disk."""
        ...

    def runner_died(self) -> None:
        """What it had not made durable is gone."""
        ...

    def feed_died(self) -> None:
        """What it had not made durable is gone."""
        ...


class MemoryLogs:
    """Lists that outlive every program; the runner's journal is on a disk that fails.

    They implement ``Logs``, and ``View`` for those who look on.
    """

    def __init__(self, disk: Callable[[MemoryJournal], Journal]) -> None:
        self.journal: Final = MemoryJournal()
        self.market: Final = MemoryMarketLog()
        self.ingress: Final = MemoryIngress()
        self._disk: Final = disk

    @property
    def honest(self) -> View:
        return self

    def boot(self) -> View:
        return self

    def boot_runner(self) -> View:
        return _OnDisk(self, self._disk(self.journal))

    def runner_died(self) -> None:
        self.journal.crash()

    def feed_died(self) -> None:
        self.market.crash(SOURCE)


class _OnDisk:
    """The runner's view of logs in memory."""

    def __init__(self, logs: MemoryLogs, journal: Journal) -> None:
        self.journal: Final = journal
        self.market: Final = logs.market
        self.ingress: Final = logs.ingress


class BrokerLogs:
    """The real logs on Kafka, above a broker to which connections break. They implement ``Logs``.

    A writer that died is not ended by anybody: its successor's claim must do that.
    """

    def __init__(
        self, faults: Faults, scheduler: Scheduler, connections: type[LossyConnections]
    ) -> None:
        self._faults: Final = faults
        self._scheduler: Final = scheduler
        self._connections: Final = connections
        self._broker: Final = SimulatedBroker()
        calm = Faults(0, Plan(), scheduler.clock, Trace())
        self.honest: Final = OnKafka(LossyConnections(self._broker, calm, scheduler))

    def boot(self) -> View:
        return OnKafka(self._connections(self._broker, self._faults, self._scheduler))

    def boot_runner(self) -> View:
        return self.boot()

    def runner_died(self) -> None:
        """Nobody tells the broker."""

    def feed_died(self) -> None:
        """Nobody tells the broker."""


class OnKafka:
    """The real logs over some connections. It implements ``View``."""

    def __init__(self, connections: LossyConnections) -> None:
        cluster = Cluster(_CONFIG, connections)
        topic = journal_topic(_CONFIG, CELL, CELL)
        self.journal: Final = KafkaJournal(cluster, topic, record_bytes=_RECORD_BYTES)
        self.market: Final = KafkaMarketLog(cluster)
        self.ingress: Final = KafkaIngress(cluster, ingress_topic(_CONFIG, CELL))
