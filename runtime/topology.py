"""What runs together, and on what: one frozen struct, read from a TOML file."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import msgspec
from msgspec import Meta

from actors.feeds.instruments import InstrumentDefinition
from actors.feeds.recording import ROWS_PER_RECORD
from actors.patterns.models.memory_limit import MemoryLimit
from actors.patterns.serving.engine import ServingConfig
from events.backends.sqlite.database import Durability
from runtime.backends import JournalConfig
from runtime.config import BacktestConfig, ConfigError
from runtime.hosts.ray.config import RayConfig
from runtime.ingesting import DataConfig
from runtime.programs.specs import AT_ONCE, Placement
from runtime.serving import Device
from runtime.supervision.policy import Heartbeat, RestartPolicy

PROJECTOR: Final = "projector"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


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


class CellConfig(msgspec.Struct, frozen=True, kw_only=True):
    """A cell that trades on paper.

    Attributes:
        feeds: names of what it follows.
        trading: its strategies, sizing, risk and venues, as a backtest of the same data.
    """

    name: str
    feeds: tuple[str, ...]
    trading: BacktestConfig
    placement: Placement = Placement()

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
        return tuple(
            placement
            for group in (self.feeds, self.cells, members, projectors)
            for placement in (each.placement for each in group)
        )


class _Raw(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file as it stands; a cell's table is a backtest's with a few fields more."""

    feeds: Annotated[tuple[FeedConfig, ...], Meta(min_length=1)]
    cells: Annotated[tuple[dict[str, Any], ...], Meta(min_length=1)]
    journal: JournalConfig = JournalConfig()
    host: HostConfig = HostConfig()
    inference: tuple[InferenceConfig, ...] = ()
    projector: ProjectorConfig = ProjectorConfig()
    instruments: tuple[InstrumentDefinition, ...] = ()
    ray: RayConfig = RayConfig()


class _CellHead(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    feeds: tuple[str, ...] = ()
    placement: Placement = Placement()


_OWN: Final = frozenset(_CellHead.__struct_fields__)
_NOT_FOR_CELLS: Final = ("data", "instruments", "journal", "start", "end")


def load_topology(path: Path) -> Topology:
    """The topology in a TOML file; paths in it are taken from the file's folder.

    Raises:
        ConfigError: the file cannot be read, or a field does not fit; the message names the field.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return _topology(msgspec.convert(raw, _Raw, strict=False), path.parent)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise ConfigError(f"{path}: {error}") from error
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def _topology(raw: _Raw, folder: Path) -> Topology:
    feeds = tuple(_below(feed, folder) for feed in raw.feeds)
    cells = tuple(_cell(index, cell, raw, folder) for index, cell in enumerate(raw.cells))
    if raw.host.kind == "inline" and len(cells) > 1:
        # Two of Nautilus' engines in one thread decide otherwise than each would alone.
        raise ConfigError("`host.kind`: inline runs one cell; another host runs several")
    members = [name for gateway in raw.inference for name in gateway.members]
    names = [*(feed.name for feed in feeds), *(cell.name for cell in cells), *members]
    _require_names([*names, PROJECTOR])
    _require_reachable(raw, cells)
    return Topology(
        journal=raw.journal,
        host=raw.host,
        feeds=feeds,
        cells=cells,
        inference=_inference(raw, [cell.name for cell in cells]),
        projector=raw.projector,
        instruments=raw.instruments,
        ray=raw.ray,
    )


def _inference(raw: _Raw, cells: Sequence[str]) -> tuple[InferenceConfig, ...]:
    """The gateways, each with the names of its cells."""
    answered: dict[str, str] = {}
    found = []
    for index, gateway in enumerate(raw.inference):
        for name in gateway.cells or cells:
            if name not in cells:
                have = ", ".join(cells)
                raise ConfigError(
                    f"`inference[{index}].cells`: there is no cell {name!r}; there is {have}"
                )
            other = answered.setdefault(name, gateway.name)
            if other != gateway.name:
                raise ConfigError(
                    f"`inference[{index}].cells`: {name!r} is answered by {other!r} already"
                )
        found.append(msgspec.structs.replace(gateway, cells=gateway.cells or tuple(cells)))
    return tuple(found)


def _below(feed: FeedConfig, folder: Path) -> FeedConfig:
    paths = tuple(str((folder / path).absolute()) for path in feed.data.paths)
    data = msgspec.structs.replace(feed.data, paths=paths)
    return msgspec.structs.replace(feed, data=data)


def _cell(index: int, table: dict[str, Any], raw: _Raw, folder: Path) -> CellConfig:
    place = f"cells[{index}]"
    for field in _NOT_FOR_CELLS:
        if field in table:
            raise ConfigError(f"`{place}.{field}`: a cell has none: its market is its feeds'")
    head = _converted({key: table[key] for key in _OWN & table.keys()}, _CellHead, place)
    known = {feed.name: feed for feed in raw.feeds}
    for name in head.feeds:
        if name not in known:
            have = ", ".join(known)
            raise ConfigError(f"`{place}.feeds`: there is no feed {name!r}; there is {have}")
    followed = head.feeds or tuple(known)
    trading: dict[str, object] = {
        **{key: value for key, value in table.items() if key not in _OWN},
        "data": [msgspec.to_builtins(known[name].data) for name in followed],
        "instruments": msgspec.to_builtins(raw.instruments),
    }
    config = _converted(trading, BacktestConfig, place).below(folder.absolute())
    return CellConfig(name=head.name, feeds=followed, trading=config, placement=head.placement)


def _converted[T](raw: object, kind: type[T], place: str) -> T:
    try:
        return msgspec.convert(raw, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(str(error).replace("`$", f"`{place}")) from error


def _require_names(names: Iterable[str]) -> None:
    for name, count in Counter(names).items():
        if _NAME.fullmatch(name) is None:
            raise ConfigError(
                f"`name`: {name!r} is none: 1 to 40 of a-z, 0-9, - and _, a letter or digit first"
            )
        if count > 1:
            raise ConfigError(f"`name`: {name!r} is there {count} times; every program has its own")


def _require_reachable(raw: _Raw, cells: Sequence[CellConfig]) -> None:
    """Refuse to send a program away from the files that it works on."""
    placed = {f"feeds[{index}]": feed.placement for index, feed in enumerate(raw.feeds)}
    placed |= {f"cells[{index}]": cell.placement for index, cell in enumerate(cells)}
    placed |= {f"inference[{index}]": each.placement for index, each in enumerate(raw.inference)}
    if raw.journal.backend != "sqlite":
        placed = {}
    for place, placement in {**placed, "projector": raw.projector.placement}.items():
        if placement.node:
            raise ConfigError(
                f"`{place}.placement.node`: it works on files of the home, which is on one machine"
            )
