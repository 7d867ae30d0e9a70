"""What a program is made from: plain values that can travel to another process or machine."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from actors.execution.attempts import Lease
from actors.feeds.instruments import InstrumentDefinition
from actors.feeds.recording import ROWS_PER_RECORD
from actors.patterns.models.memory_limit import MemoryLimit
from actors.patterns.serving.engine import ServingConfig
from events.backends.sqlite.database import Durability
from runtime.backends import JournalConfig
from runtime.config import BacktestConfig, ExchangeTerms, RunSpec
from runtime.ingesting import DataConfig
from runtime.serving import Device
from runtime.telemetry.config import TelemetryConfig
from runtime.terms import FirmTerms, SearchTerms


class Placement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a host that has several machines puts a program.

    Attributes:
        host: ``process`` for a process beside the cluster, on the supervisor's machine; nothing
            else of the placement counts then.
        cpus, gpus: to reserve; fractions share one.
        resources: what else to reserve, by the names that the cluster's machines give it.
        node: a label that its machine must have; any machine when empty.
    """

    host: Literal["cluster", "process"] = "cluster"
    cpus: Annotated[float, Meta(ge=0)] = 1.0
    gpus: Annotated[float, Meta(ge=0)] = 0.0
    resources: dict[str, Annotated[float, Meta(gt=0)]] = {}
    node: str = ""


class FeedSpec(msgspec.Struct, frozen=True, kw_only=True, tag="feed"):
    """A recorded file set that is fed into the market log.

    Attributes:
        instruments: terms that are not in the catalogue, or differ from it.
        pace: times real time; 0 is as fast as it goes.
        rows_per_record: rows that travel together, and so the grain of the pace.
    """

    name: str
    data: DataConfig
    instruments: tuple[InstrumentDefinition, ...] = ()
    pace: float = 0.0
    rows_per_record: int = ROWS_PER_RECORD
    placement: Placement = Placement()


class CellSpec(msgspec.Struct, frozen=True, kw_only=True, tag="cell"):
    """A cell that trades.

    Attributes:
        run: the name of its journal, chosen once for all of its incarnations.
        sources: what it follows in the market log.
        trading: what a backtest of the same would be configured by.
        asks: whether an inference gateway answers its recognisers; otherwise the cell does itself.
    """

    name: str
    run: str
    sources: tuple[str, ...]
    trading: BacktestConfig
    asks: bool = False
    placement: Placement = Placement()

    @property
    def sends(self) -> bool:
        """Whether its orders leave it by a gateway."""
        return self.trading.execution is not UNSET

    @property
    def spec(self) -> RunSpec:
        """The configuration bound to its sources."""
        return RunSpec(config=self.trading, sources=self.sources)


class ProjectorSpec(msgspec.Struct, frozen=True, kw_only=True, tag="projector"):
    """What brings cells' journals, and the market behind them, into ClickHouse.

    Attributes:
        cells: names and runs; a firm is one.
        sources: to be projected wholly, without waiting until a cell has consumed them.
    """

    name: str
    cells: tuple[tuple[str, str], ...]
    sources: tuple[str, ...] = ()
    placement: Placement = Placement()


AT_ONCE: Final = ServingConfig(wait_us=0)
"""Questions of one moment are asked together anyway, and to wait for other cells' helps nobody."""


class InferenceSpec(msgspec.Struct, frozen=True, kw_only=True, tag="inference"):
    """What answers the recognisers that cells ask through a gateway.

    Attributes:
        cells: names and runs.
        serving: how questions are gathered.
        device: what models run on; memory: how much of a GPU's they may take together.
        share: its place among how many that share the work.
        traced: by run, how it is watched what is done for it; others are not.
    """

    name: str
    cells: tuple[tuple[str, str], ...]
    traced: dict[str, TelemetryConfig] = {}
    serving: ServingConfig = AT_ONCE
    device: Device = "auto"
    memory: MemoryLimit = MemoryLimit()
    share: tuple[int, int] = (0, 1)
    placement: Placement = Placement()


class ExchangeSpec(msgspec.Struct, frozen=True, kw_only=True, tag="exchange"):
    """An exchange on paper.

    Attributes:
        book: names its journal and ingress; another where it serves another run.
        sources: what it follows in the market log.
    """

    name: str
    book: str
    sources: tuple[str, ...]
    terms: ExchangeTerms = ExchangeTerms()
    placement: Placement = Placement()


class ExecutionSpec(msgspec.Struct, frozen=True, kw_only=True, tag="execution"):
    """What sends the orders of a cell to an exchange.

    Attributes:
        book: of the exchange on paper to which it sends.
        telemetry: how it is watched what is done for the cell, if it is.
    """

    name: str
    cell: str
    run: str
    book: str
    lease: Lease = Lease()
    telemetry: TelemetryConfig | UnsetType = UNSET
    placement: Placement = Placement()


class FirmSpec(msgspec.Struct, frozen=True, kw_only=True, tag="firm"):
    """What watches several cells together.

    Attributes:
        run: the name of its journal and ingress; another where it watches other runs.
    """

    run: str
    terms: FirmTerms
    placement: Placement = Placement()

    @property
    def name(self) -> str:
        """The firm's."""
        return self.terms.name


class SearchSpec(msgspec.Struct, frozen=True, kw_only=True, tag="search"):
    """What looks for parameters of a strategy.

    Attributes:
        run: the name of its journal and ingress.
    """

    run: str
    terms: SearchTerms
    placement: Placement = Placement()

    @property
    def name(self) -> str:
        """The search's."""
        return self.terms.name


class TrialsSpec(msgspec.Struct, frozen=True, kw_only=True, tag="trials"):
    """What tries the candidates of a search.

    Attributes:
        run: of the search.
        share: its place among how many that share the work.
    """

    name: str
    run: str
    terms: SearchTerms
    share: tuple[int, int] = (0, 1)
    placement: Placement = Placement()


type ProgramSpec = (
    FeedSpec
    | CellSpec
    | ProjectorSpec
    | InferenceSpec
    | ExchangeSpec
    | ExecutionSpec
    | FirmSpec
    | SearchSpec
    | TrialsSpec
)


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """A program, and the place of the logs that it works on.

    Attributes:
        home: path of the home directory.
        durability: of logs in files.
    """

    program: ProgramSpec
    journal: JournalConfig
    home: str
    durability: Durability = Durability.POWER_CUT

    def encoded(self) -> bytes:
        """As JSON, for another process."""
        return msgspec.json.encode(self)


_decode: Final = msgspec.json.Decoder(Assignment).decode


def decoded_assignment(body: bytes) -> Assignment:
    """The assignment behind ``Assignment.encoded``."""
    return _decode(body)


def kind_of(spec: ProgramSpec) -> str:
    """The tag of its class, such as ``feed`` or ``cell``."""
    return str(spec.__struct_config__.tag)
