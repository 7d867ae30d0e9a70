"""What a backtest is made of: one frozen struct, read from a TOML file or made by command-line
options.
"""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Final, Literal, Self

import msgspec
from msgspec import UNSET, Meta, UnsetType

from actors.execution.nautilus.config import VenueConfig
from actors.feeds.instruments import InstrumentDefinition
from actors.monitoring.health import HealthConfig
from actors.patterns.config import PatternConfig
from actors.portfolio.sizes import SizingConfig
from actors.risk.limits import RiskLimits
from runtime.backends import JournalConfig
from runtime.files import write_whole
from runtime.ingesting import DataConfig
from runtime.telemetry.config import TelemetryConfig
from schemas.errors import UserError
from schemas.strategy import ParameterValue

STARTING_BALANCE: Final = Decimal(1_000_000)
_spelt: Final = msgspec.json.Encoder(order="deterministic").encode


type Moment = Annotated[datetime, Meta(tz=True)]
"""A time with its offset from UTC, such as ``2014-05-01T12:00:00Z``."""


class ConfigError(UserError):
    """A configuration does not say what a run needs, or says something that nobody knows."""


class StrategyConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One strategy of the cell.

    Attributes:
        use: a built-in's name, or ``path/to/file.py:ClassName``.
        name: its name in the cell, where two of a kind run side by side; else the class' own.
        instruments: ids (``EUR/USD.FXCM``) of what it trades; all of the cell's when empty.
        parameters: values by name, as they differ from the defaults.
    """

    use: str
    name: str | None = None
    instruments: tuple[str, ...] = ()
    parameters: dict[str, ParameterValue] = {}

    @property
    def file(self) -> str | None:
        """The user's own file, if the strategy is in one."""
        path = self.use.rpartition(":")[0]
        return path if path.endswith(".py") else None

    def below(self, folder: Path) -> Self:
        """The same with its file's path taken from a folder, unless it is absolute."""
        if self.file is None:
            return self
        return msgspec.structs.replace(self, use=str(folder / self.use))


class BacktestConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that decides how a backtest comes out, but the market data itself.

    Attributes:
        patterns: recognisers, besides those that strategies ask for.
        instruments: terms that are not in the catalogue, or differ from it.
        currency: what the account is valued in; by default the first instrument's quote currency.
        starting_balance: at every venue that ``venues`` does not name, in ``currency``.
        start, end: market rows at or after the first and before the second; all by default.
        valuation_every_ms: market time between two valuations at bars; 0 values at every bar.
        health: how often the cell reports on itself; never by default.
        execution: ``gateway`` where orders leave the cell, as a topology says; a backtest's do not.
        telemetry: how the run is watched, if it is. It decides nothing and is not recorded.
        journal: where the logs are kept. It decides nothing and is not recorded.
    """

    data: Annotated[tuple[DataConfig, ...], Meta(min_length=1)]
    strategies: Annotated[tuple[StrategyConfig, ...], Meta(min_length=1)]
    patterns: tuple[PatternConfig, ...] = ()
    instruments: tuple[InstrumentDefinition, ...] = ()
    venues: tuple[VenueConfig, ...] = ()
    sizing: SizingConfig = SizingConfig()
    risk: RiskLimits = RiskLimits()
    currency: str | None = None
    starting_balance: Decimal = STARTING_BALANCE
    start: Moment | None = None
    end: Moment | None = None
    valuation_every_ms: Annotated[int, Meta(ge=0)] = 60_000
    health: HealthConfig | UnsetType = UNSET
    execution: Literal["gateway"] | UnsetType = UNSET
    telemetry: TelemetryConfig | UnsetType = UNSET
    journal: JournalConfig | UnsetType = UNSET

    def __post_init__(self) -> None:
        if not (self.starting_balance.is_finite() and self.starting_balance > 0):
            raise ValueError("`starting_balance` must be a number above zero")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise ValueError("`start` must be before `end`")

    def deciding(self) -> Self:
        """What decides in a backtest, by which it is named, and which it records: without
        ``telemetry`` and ``journal``, and with orders that stay inside.
        """
        return msgspec.structs.replace(self, telemetry=UNSET, journal=UNSET, execution=UNSET)

    def traced(self) -> Self:
        """The same, watched, unless it says itself how."""
        if self.telemetry is not UNSET:
            return self
        return msgspec.structs.replace(self, telemetry=TelemetryConfig())

    def below(self, folder: Path) -> Self:
        """The same with every path taken from a folder, unless it is absolute."""
        data = tuple(
            msgspec.structs.replace(each, paths=tuple(str(folder / path) for path in each.paths))
            for each in self.data
        )
        strategies = tuple(each.below(folder) for each in self.strategies)
        return msgspec.structs.replace(self, data=data, strategies=strategies)


class ExchangeTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an exchange on paper is like: its venues, and what its account begins with.

    The fields are those of ``BacktestConfig``.
    """

    venues: tuple[VenueConfig, ...] = ()
    currency: str | None = None
    starting_balance: Decimal = STARTING_BALANCE


class RunSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A configuration bound to recorded sources: what ``cell.started`` records, enough to run
    again.

    Attributes:
        config: as ``BacktestConfig.deciding``, or as a topology has it.
        sources: names in the market log, in the order in which ``config.data`` gave them.
    """

    config: BacktestConfig
    sources: tuple[str, ...]

    def with_parameters(self, changed: Mapping[str, ParameterValue]) -> Self:
        """The same with other parameters of its first strategy."""
        first, *others = self.config.strategies
        first = msgspec.structs.replace(first, parameters={**first.parameters, **changed})
        config = msgspec.structs.replace(self.config, strategies=(first, *others))
        return msgspec.structs.replace(self, config=config)

    def canonical(self) -> str:
        """The one spelling of it, as JSON."""
        return _spelt(self).decode()

    def digest(self) -> str:
        """BLAKE2b-128 of what decides. Where files lay does not, nor what was said of their bad
        rows: the contents of data name the sources, and the text of a strategy is in the code's
        digest.
        """
        config = msgspec.structs.replace(
            self.config,
            data=tuple(
                msgspec.structs.replace(each, paths=(), on_bad_rows="fail")
                for each in self.config.data
            ),
            strategies=tuple(
                msgspec.structs.replace(each, use=Path(each.use).name)
                for each in self.config.strategies
            ),
        )
        bound = msgspec.structs.replace(self, config=config)
        return digest_of(bound)


def digest_of(configured: object) -> str:
    """BLAKE2b-128 of structs, tuples and strings, in 32 hexadecimal digits."""
    return blake2b(_spelt(configured), digest_size=16).hexdigest()


type Funded = BacktestConfig | ExchangeTerms
"""What says with how much, and at which venues, there is trading."""


def parse_spec(canonical: str) -> RunSpec:
    """The spec behind ``RunSpec.canonical``.

    Raises:
        ConfigError: it was written by a version whose configuration was another.
    """
    try:
        return msgspec.json.decode(canonical, type=RunSpec)
    except msgspec.MsgspecError as error:
        raise ConfigError(f"the run's recorded configuration cannot be read: {error}") from error


def load_config(path: Path) -> BacktestConfig:
    """The configuration in a TOML file, or in a JSON file as ``save_config`` writes it.

    Raises:
        ConfigError: the file cannot be read, is neither, or has a field that does not fit; the
            message names the field.
    """
    try:
        text = path.read_text(encoding="utf-8")
        raw = msgspec.json.decode(text) if path.suffix == ".json" else tomllib.loads(text)
        config = msgspec.convert(raw, BacktestConfig, strict=False)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise ConfigError(f"{path}: {error}") from error
    return config.below(path.parent)


def save_config(path: Path, config: BacktestConfig) -> None:
    """Write a configuration with absolute paths, for ``load_config`` to read anywhere."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(config.below(Path.cwd()))))
