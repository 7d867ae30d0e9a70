"""Reading a topology from a TOML file, with every name and path in it settled."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from actors.feeds.instruments import InstrumentDefinition
from runtime.backends import JournalConfig
from runtime.config import BacktestConfig, ConfigError
from runtime.hosts.ray.config import RayConfig
from runtime.topology import (
    PROJECTOR,
    CellConfig,
    CellHead,
    ExchangeConfig,
    ExecutionConfig,
    FeedConfig,
    FirmConfig,
    HostConfig,
    InferenceConfig,
    ProjectorConfig,
    SynthesisConfig,
    SynthesisHead,
    Topology,
)

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class _Raw(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file as it stands; a cell's table is a backtest's with a few fields more."""

    feeds: Annotated[tuple[FeedConfig, ...], Meta(min_length=1)]
    cells: tuple[dict[str, Any], ...] = ()
    synthesis: tuple[dict[str, Any], ...] = ()
    journal: JournalConfig = JournalConfig()
    host: HostConfig = HostConfig()
    inference: tuple[InferenceConfig, ...] = ()
    exchanges: tuple[ExchangeConfig, ...] = ()
    execution: tuple[ExecutionConfig, ...] = ()
    firm: tuple[FirmConfig, ...] = ()
    projector: ProjectorConfig = ProjectorConfig()
    instruments: tuple[InstrumentDefinition, ...] = ()
    ray: RayConfig = RayConfig()


_ITS_FEEDS: Final = "there is none: its market is its feeds'"
_NOT_HERE: Final = {
    **dict.fromkeys(("data", "instruments", "journal", "start", "end"), _ITS_FEEDS),
    "execution": "a cell has none: `[[execution]]` names its cells",
}


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
    searches = tuple(_search(index, each, raw, folder) for index, each in enumerate(raw.synthesis))
    if not (cells or searches):
        raise ConfigError("`cells`: there is none, and no `synthesis` either")
    engines = len(cells) + len(raw.exchanges) + sum(each.replicas for each in searches)
    if raw.host.kind == "inline" and engines > 1:
        # Two of Nautilus' engines in one thread decide otherwise than each would alone.
        raise ConfigError("`host.kind`: inline runs one cell; another host runs several")
    members = [name for gateway in raw.inference for name in gateway.members]
    names = [
        *(feed.name for feed in feeds),
        *(cell.name for cell in cells),
        *(exchange.name for exchange in raw.exchanges),
        *(gateway.name for gateway in raw.execution),
        *(firm.name for firm in raw.firm),
        *(name for search in searches for name in (search.name, *search.members)),
        *members,
    ]
    _require_names([*names, PROJECTOR])
    _require_reachable(raw, cells, searches)
    named = [cell.name for cell in cells]
    execution = _execution(raw, named)
    sending = {gateway.cell for gateway in execution}
    return Topology(
        journal=raw.journal,
        host=raw.host,
        feeds=feeds,
        cells=tuple(cell.sending() if cell.name in sending else cell for cell in cells),
        inference=_inference(raw, named),
        exchanges=_exchanges(raw),
        execution=execution,
        firm=_firms(raw, cells),
        synthesis=searches,
        projector=raw.projector,
        instruments=raw.instruments,
        ray=raw.ray,
    )


def _inference(raw: _Raw, cells: Sequence[str]) -> tuple[InferenceConfig, ...]:
    """The gateways to models, each with the names of its cells."""
    answered: dict[str, str] = {}
    found = []
    for index, gateway in enumerate(raw.inference):
        place = f"inference[{index}].cells"
        for name in gateway.cells or cells:
            _take(answered, place, name, gateway.name, cells)
        found.append(msgspec.structs.replace(gateway, cells=gateway.cells or tuple(cells)))
    return tuple(found)


def _execution(raw: _Raw, cells: Sequence[str]) -> tuple[ExecutionConfig, ...]:
    """The gateways to exchanges, each with the name of its cell."""
    exchanges = [exchange.name for exchange in raw.exchanges]
    sent: dict[str, str] = {}
    used: dict[str, str] = {}
    found = []
    for index, gateway in enumerate(raw.execution):
        place = f"execution[{index}]"
        if not gateway.cell and len(cells) > 1:
            raise ConfigError(f"`{place}.cell`: which of {', '.join(cells)}?")
        cell = gateway.cell or next(iter(cells), "")
        _take(sent, f"{place}.cell", cell, gateway.name, cells)
        # Client order ids are told apart within a cell, so two in one account could be mixed up.
        _take(used, f"{place}.exchange", gateway.exchange, gateway.name, exchanges)
        found.append(msgspec.structs.replace(gateway, cell=cell))
    return tuple(found)


def _firms(raw: _Raw, cells: Sequence[CellConfig]) -> tuple[FirmConfig, ...]:
    """The firms, each with the names of its cells, which have one currency."""
    currencies = {cell.name: cell.trading.currency for cell in cells}
    watched: dict[str, str] = {}
    found = []
    for index, firm in enumerate(raw.firm):
        place, members = f"firm[{index}].cells", firm.cells or tuple(currencies)
        for name in members:
            _take(watched, place, name, firm.name, tuple(currencies))
        told = {currencies[name] for name in members}
        if len(members) > 1 and (None in told or len(told) > 1):
            accounts = " and ".join(sorted(each or "an unsaid currency" for each in told))
            raise ConfigError(f"`{place}`: accounts in {accounts} do not add up; name one for all")
        found.append(msgspec.structs.replace(firm, cells=members))
    return tuple(found)


def _take(taken: dict[str, str], place: str, name: str, gateway: str, there: Sequence[str]) -> None:
    """Let a gateway have a cell or an exchange, which must be there, to itself."""
    if name not in there:
        raise ConfigError(_there_is_no(name, place, there))
    other = taken.setdefault(name, gateway)
    if other != gateway:
        raise ConfigError(f"`{place}`: {name!r} has {other!r} already")


def _exchanges(raw: _Raw) -> tuple[ExchangeConfig, ...]:
    """The exchanges, each with the names of its feeds."""
    feeds = [feed.name for feed in raw.feeds]
    for index, exchange in enumerate(raw.exchanges):
        for name in exchange.feeds:
            if name not in feeds:
                raise ConfigError(_there_is_no(name, f"exchanges[{index}].feeds", feeds))
    return tuple(
        msgspec.structs.replace(each, feeds=each.feeds or tuple(feeds)) for each in raw.exchanges
    )


def _there_is_no(name: str, place: str, have: Sequence[str]) -> str:
    what = place.rpartition(".")[2].removesuffix("s")
    return f"`{place}`: there is no {what} {name!r}; there is {', '.join(have) or 'none'}"


def _below(feed: FeedConfig, folder: Path) -> FeedConfig:
    paths = tuple(str((folder / path).absolute()) for path in feed.data.paths)
    data = msgspec.structs.replace(feed.data, paths=paths)
    return msgspec.structs.replace(feed, data=data)


def _cell(index: int, table: dict[str, Any], raw: _Raw, folder: Path) -> CellConfig:
    place = f"cells[{index}]"
    head, trading = _trading(table, CellHead, place, raw, folder)
    return CellConfig(trading=trading, **msgspec.structs.asdict(head))


def _search(index: int, table: dict[str, Any], raw: _Raw, folder: Path) -> SynthesisConfig:
    place = f"synthesis[{index}]"
    head, trading = _trading(table, SynthesisHead, place, raw, folder)
    return SynthesisConfig(trading=trading, **msgspec.structs.asdict(head))


def _trading[H: CellHead](
    table: dict[str, Any], kind: type[H], place: str, raw: _Raw, folder: Path
) -> tuple[H, BacktestConfig]:
    """What a table says of itself, with the names of its feeds, and how is to be traded."""
    for field in _NOT_HERE:
        if field in table:
            raise ConfigError(f"`{place}.{field}`: {_NOT_HERE[field]}")
    own = frozenset(kind.__struct_fields__)
    head = _converted({key: table[key] for key in own & table.keys()}, kind, place)
    known = {feed.name: feed for feed in raw.feeds}
    for name in head.feeds:
        if name not in known:
            raise ConfigError(_there_is_no(name, f"{place}.feeds", tuple(known)))
    followed = head.feeds or tuple(known)
    trading: dict[str, object] = {
        **{key: value for key, value in table.items() if key not in own},
        "data": [msgspec.to_builtins(known[name].data) for name in followed],
        "instruments": msgspec.to_builtins(raw.instruments),
    }
    config = _converted(trading, BacktestConfig, place).below(folder.absolute())
    return msgspec.structs.replace(head, feeds=followed), config


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


def _require_reachable(
    raw: _Raw, cells: Sequence[CellConfig], searches: Sequence[SynthesisConfig]
) -> None:
    """Refuse to send a program away from the files that it works on."""
    placed = {f"feeds[{index}]": feed.placement for index, feed in enumerate(raw.feeds)}
    placed |= {f"cells[{index}]": cell.placement for index, cell in enumerate(cells)}
    placed |= {f"inference[{index}]": each.placement for index, each in enumerate(raw.inference)}
    placed |= {f"exchanges[{index}]": each.placement for index, each in enumerate(raw.exchanges)}
    placed |= {f"execution[{index}]": each.placement for index, each in enumerate(raw.execution)}
    placed |= {f"firm[{index}]": each.placement for index, each in enumerate(raw.firm)}
    placed |= {f"synthesis[{index}]": each.placement for index, each in enumerate(searches)}
    if raw.journal.backend != "sqlite":
        placed = {}
    for place, placement in {**placed, "projector": raw.projector.placement}.items():
        if placement.node:
            raise ConfigError(
                f"`{place}.placement.node`: it works on files of the home, which is on one machine"
            )
