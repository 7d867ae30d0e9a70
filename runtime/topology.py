"""What runs together, and on what: one frozen struct, read from a TOML file."""

from typing import Annotated, Final, Literal, Self

import msgspec
from msgspec import Meta

from actors.execution.attempts import Lease
from actors.feeds.instruments import InstrumentDefinition
from actors.feeds.recording import ROWS_PER_RECORD
from actors.patterns.models.memory_limit import MemoryLimit
from actors.patterns.serving.engine import ServingConfig
from actors.risk.firm import FirmLimits
from actors.strategies.synthesis.search import SearchConfig
from events.backends.sqlite.database import Durability
from runtime.backends import JournalConfig
from runtime.config import BacktestConfig, ExchangeTerms
from runtime.hosts.ray.config import RayConfig
from runtime.ingesting import DataConfig
from runtime.programs.specs import AT_ONCE, Placement
from runtime.serving import Device
from runtime.supervision.policy import Heartbeat, RestartPolicy

PROJECTOR: Final = "projector"
_MS_NS: Final = 1_000_000


class HostConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where programs run, and how they are looked after.

    Attributes:
        kind: ``inline`` on one thread in turn (for tests), ``pykka`` as actors of one process,
            ``process`` as processes of this machine, ``ray`` as actors of a Ray cluster.
        mailbox: messages that may wait for an actor; who sends more waits, or is told.
        durability: of logs in files: ``FULL`` against a power cut, ``NORMAL`` against a crash.
    """

    kind: Literal["inline", "pykka", "process", "ray"] = "process"
    mailbox: Annotated[int, Meta(ge=1)] = 64
    durability: Durability = Durability.POWER_CUT
    heartbeat: Heartbeat = Heartbeat()
    restart: RestartPolicy = RestartPolicy()


class FeedConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A recorded file set that is fed as if it happened now.

    Attributes:
        pace: times real time; 0 is as fast as it goes.
        rows_per_record: rows that travel together, and so the grain of the pace.
        data: the files, as in a backtest's configuration.
    """

    name: str
    data: DataConfig
    pace: Annotated[float, Meta(ge=0)] = 0.0
    rows_per_record: Annotated[int, Meta(ge=1, le=ROWS_PER_RECORD)] = 256
    placement: Placement = Placement()


class CellHead(msgspec.Struct, frozen=True, kw_only=True):
    """What a cell's table says beside how it trades.

    Attributes:
        feeds: names of what it follows.
    """

    name: str
    feeds: tuple[str, ...] = ()
    placement: Placement = Placement()


class CellConfig(CellHead, frozen=True, kw_only=True):
    """A cell that trades on paper.

    Attributes:
        trading: its strategies, sizing, risk and venues, as a backtest of the same data.
    """

    trading: BacktestConfig

    def sending(self) -> Self:
        """The same with a gateway for its orders."""
        trading = msgspec.structs.replace(self.trading, execution="gateway")
        return msgspec.structs.replace(self, trading=trading)

    def traced(self) -> Self:
        """The same, watched."""
        return msgspec.structs.replace(self, trading=self.trading.traced())


class InferenceConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A gateway that answers what cells ask of recognisers.

    Attributes:
        cells: names of those whom it answers; all when empty.
        device: what models run on; ``auto`` is the GPU where there is one.
        memory_mb: how much of a GPU's memory its models may take together; without it the part of
            a GPU that ``placement.gpus`` reserves, and all where that is none or a whole one.
        replicas: how many share the work; questions of one moment go to one of them. Each has
            ``memory_mb`` to itself.
        serving: how questions are gathered.
    """

    name: str
    cells: tuple[str, ...] = ()
    device: Device = "auto"
    memory_mb: Annotated[int, Meta(ge=1)] | None = None
    replicas: Annotated[int, Meta(ge=1, le=64)] = 1
    serving: ServingConfig = AT_ONCE
    placement: Placement = Placement()

    @property
    def memory(self) -> MemoryLimit:
        """What each of its programs may take of a GPU's memory."""
        gpus = self.placement.gpus
        return MemoryLimit(share=gpus if 0 < gpus < 1 else 1.0, mb=self.memory_mb)

    @property
    def members(self) -> tuple[str, ...]:
        """Names of its programs."""
        if self.replicas == 1:
            return (self.name,)
        return tuple(f"{self.name}-{number}" for number in range(self.replicas))


class ExchangeConfig(ExchangeTerms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exchange on paper, in a program of its own. It has one account, as a cell is one.

    Attributes:
        feeds: names of what it follows; all when empty.
    """

    name: str
    feeds: tuple[str, ...] = ()
    placement: Placement = Placement()

    @property
    def terms(self) -> ExchangeTerms:
        """What it is like."""
        return ExchangeTerms(
            venues=self.venues, currency=self.currency, starting_balance=self.starting_balance
        )


class ExecutionConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A gateway that sends the orders of a cell to an exchange.

    Attributes:
        cell: whose orders it sends; the only one's when empty.
        exchange: to which.
        lasts_ms, settles_ms, audit_ms: as in ``actors.execution.attempts.Lease``.
    """

    name: str
    exchange: str
    cell: str = ""
    lasts_ms: Annotated[int, Meta(ge=10)] = 2_000
    settles_ms: Annotated[int, Meta(ge=0)] = 1_000
    audit_ms: Annotated[int, Meta(ge=100)] = 10_000
    placement: Placement = Placement()

    @property
    def lease(self) -> Lease:
        """The same in nanoseconds."""
        lasts, settles, audit = (
            each * _MS_NS for each in (self.lasts_ms, self.settles_ms, self.audit_ms)
        )
        return Lease(lasts=lasts, settles=settles, audit=audit)


class FirmConfig(FirmLimits, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits on several cells together, and who watches them.

    Attributes:
        cells: names of those whom it watches; all when empty. A cell belongs to one firm.
    """

    name: str
    cells: tuple[str, ...] = ()
    placement: Placement = Placement()

    @property
    def limits(self) -> FirmLimits:
        """By themselves."""
        return FirmLimits(**{name: getattr(self, name) for name in FirmLimits.__struct_fields__})


class SynthesisHead(CellHead, frozen=True, kw_only=True):
    """What a search's table says beside how its candidates trade.

    Attributes:
        feeds: names of those on whose whole market candidates are tried.
        replicas: how many share the trials.
        returns_s: seconds of a return, by which candidates are judged.
        placement: of the search, and of each that tries.
    """

    search: SearchConfig
    replicas: Annotated[int, Meta(ge=1, le=256)] = 1
    returns_s: Annotated[int, Meta(ge=1)] = 3_600


class SynthesisConfig(SynthesisHead, frozen=True, kw_only=True):
    """A search for parameters of a strategy.

    Attributes:
        trading: how candidates trade; the parameters of its first strategy are varied.
    """

    trading: BacktestConfig

    @property
    def members(self) -> tuple[str, ...]:
        """Names of the programs that try."""
        return tuple(f"{self.name}-{number}" for number in range(self.replicas))


class ProjectorConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the journals, and the market behind them, are brought into ClickHouse."""

    enabled: bool = True
    placement: Placement = Placement()


class Topology(msgspec.Struct, frozen=True, kw_only=True):
    """A whole system.

    Attributes:
        instruments: terms that are not in the catalogue, or differ from it.
        ray: the cluster, where the host is one.
    """

    journal: JournalConfig
    host: HostConfig
    feeds: tuple[FeedConfig, ...]
    cells: tuple[CellConfig, ...]
    projector: ProjectorConfig
    instruments: tuple[InstrumentDefinition, ...]
    inference: tuple[InferenceConfig, ...] = ()
    exchanges: tuple[ExchangeConfig, ...] = ()
    execution: tuple[ExecutionConfig, ...] = ()
    firm: tuple[FirmConfig, ...] = ()
    synthesis: tuple[SynthesisConfig, ...] = ()
    ray: RayConfig = RayConfig()

    def traced(self) -> Self:
        """The same with every cell watched that has no wish of its own."""
        cells = tuple(each.traced() for each in self.cells)
        return msgspec.structs.replace(self, cells=cells)

    @property
    def placements(self) -> tuple[Placement, ...]:
        """Of every program."""
        projectors = (self.projector,) if self.projector.enabled else ()
        members = tuple(each for each in self.inference for _ in each.members)
        trying = tuple(each for each in self.synthesis for _ in each.members)
        return tuple(
            placement
            for group in (
                self.feeds,
                self.cells,
                self.exchanges,
                self.execution,
                self.firm,
                self.synthesis,
                members,
                trying,
                projectors,
            )
            for placement in (each.placement for each in group)
        )
