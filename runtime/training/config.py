"""What a model is trained from and how: one frozen struct, read from a TOML file."""

import re
import tomllib
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Final, Self

import msgspec
from msgspec import Meta

from actors.feeds.instruments import InstrumentDefinition
from actors.patterns.features.feature_set import LOOKBACK, UnknownFeatures, feature_set
from actors.patterns.labels.breakouts import PATTERNS
from actors.patterns.labels.outcomes import LabelConfig
from actors.patterns.labels.walk_forward import SplitConfig
from actors.patterns.models.architecture import FastArchitecture
from actors.patterns.models.fitting_config import FitConfig
from runtime.config import ConfigError, Moment
from runtime.ingesting import DataConfig

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


class NetworkConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes of the network; see ``FastArchitecture``."""

    context: Annotated[int, Meta(ge=1, le=LOOKBACK)] = 32
    patch: Annotated[int, Meta(ge=1)] = 4
    width: Annotated[int, Meta(ge=1)] = 48
    heads: Annotated[int, Meta(ge=1)] = 4
    layers: Annotated[int, Meta(ge=1)] = 2
    channels: tuple[int, ...] = (8, 16, 32)
    dropout: Annotated[float, Meta(ge=0, lt=1)] = 0.3


class TrainingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that decides how a model comes out, but the market data itself.

    Attributes:
        name: of the model: small letters, digits and dashes.
        interval: of the bars it reads, such as ``1m``.
        instruments: terms that are not in the catalogue, or differ from it.
        features: ``bars`` or ``quotes``.
        stride: learn from every so many-th moment; labels that look far ahead say much the same.
        start, end: bars that closed at or after the first and before the second.
    """

    name: str
    data: Annotated[tuple[DataConfig, ...], Meta(min_length=1)]
    interval: str
    instruments: tuple[InstrumentDefinition, ...] = ()
    features: str = "bars"
    stride: Annotated[int, Meta(ge=1)] = 1
    start: Moment | None = None
    end: Moment | None = None
    labels: LabelConfig = LabelConfig()
    splits: SplitConfig = SplitConfig()
    network: NetworkConfig = NetworkConfig()
    fit: FitConfig = FitConfig()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError("`name` must be of small letters, digits and dashes")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise ValueError("`start` must be before `end`")
        try:
            feature_set(self.features)
            self.architecture()
        except UnknownFeatures as error:
            raise ValueError(f"`features`: {error}") from None

    def architecture(self) -> FastArchitecture:
        """The network that it asks for."""
        return FastArchitecture(
            columns=len(feature_set(self.features).columns),
            patterns=PATTERNS,
            horizon=self.labels.horizon,
            **msgspec.structs.asdict(self.network),
        )

    def below(self, folder: Path) -> Self:
        """The same with every path taken from a folder, unless it is absolute."""
        data = tuple(
            msgspec.structs.replace(each, paths=tuple(str(folder / path) for path in each.paths))
            for each in self.data
        )
        return msgspec.structs.replace(self, data=data)

    def digest(self) -> str:
        """BLAKE2b-128 of what decides; where files lay does not, nor what only takes time."""
        data = tuple(msgspec.structs.replace(each, paths=()) for each in self.data)
        bound = msgspec.structs.replace(self, data=data)
        return blake2b(
            msgspec.json.encode(bound, order="deterministic"), digest_size=16
        ).hexdigest()


def load_training(path: Path) -> TrainingConfig:
    """The configuration in a TOML file.

    Raises:
        ConfigError: the file cannot be read, is no TOML, or has a field that does not fit; the
            message names the field.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        config = msgspec.convert(raw, TrainingConfig, strict=False)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        raise ConfigError(f"{path}: {error}") from error
    return config.below(path.parent)
