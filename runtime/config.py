"""What a backtest is made of: one frozen struct, read from a TOML file or made by command-line
options.
"""

import tomllib
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Final

import msgspec

from actors.execution.nautilus.config import VenueConfig
from actors.feeds.instruments import InstrumentDefinition
from actors.portfolio.sizes import SizingConfig
from actors.risk.limits import RiskLimits
from runtime.ingesting import DataConfig
from schemas.errors import UserError
from schemas.strategy import ParameterValue

STARTING_BALANCE: Final = Decimal(1_000_000)


type Moment = Annotated[datetime, msgspec.Meta(tz=True)]
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


class BacktestConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that decides how a backtest comes out, but the market data itself.

    Attributes:
        instruments: terms that are not in the catalogue, or differ from it.
        currency: what the account is valued in; by default the first instrument's quote currency.
        starting_balance: at every venue that ``venues`` does not name, in ``currency``.
        start, end: market rows at or after the first and before the second; all by default.
        valuation_every_ms: market time between two valuations at bars; 0 values at every bar.
    """

    data: tuple[DataConfig, ...]
    strategies: tuple[StrategyConfig, ...]
    instruments: tuple[InstrumentDefinition, ...] = ()
    venues: tuple[VenueConfig, ...] = ()
    sizing: SizingConfig = SizingConfig()
    risk: RiskLimits = RiskLimits()
    currency: str | None = None
    starting_balance: Decimal = STARTING_BALANCE
    start: Moment | None = None
    end: Moment | None = None
    valuation_every_ms: int = 60_000


class RunSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A configuration bound to recorded sources: what ``cell.started`` records, enough to run
    again.

    Attributes:
        sources: names in the market log, in the order in which ``config.data`` gave them.
    """

    config: BacktestConfig
    sources: tuple[str, ...]

    def canonical(self) -> str:
        """The one spelling of it, as JSON."""
        return msgspec.json.encode(self, order="deterministic").decode()

    def digest(self) -> str:
        """BLAKE2b-128 of what decides. Where the files lay does not: their contents name the
        sources.
        """
        data = tuple(msgspec.structs.replace(each, paths=()) for each in self.config.data)
        bound = msgspec.structs.replace(
            self, config=msgspec.structs.replace(self.config, data=data)
        )
        return blake2b(bound.canonical().encode(), digest_size=16).hexdigest()


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
    return _with_paths_from(path.parent, config)


def save_config(path: Path, config: BacktestConfig) -> None:
    """Write a configuration with absolute paths, for ``load_config`` to read anywhere."""
    absolute = _with_paths_from(Path.cwd(), config)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(absolute)))


def _with_paths_from(folder: Path, config: BacktestConfig) -> BacktestConfig:
    data = tuple(
        msgspec.structs.replace(each, paths=tuple(str(folder / path) for path in each.paths))
        for each in config.data
    )
    return msgspec.structs.replace(config, data=data)
