"""docs/configuration.md names every field there is, and its example is a configuration."""

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from actors.execution.nautilus.config import FeeConfig, FillConfig, LatencyConfig, VenueConfig
from actors.feeds.formats.format import FileOptions
from actors.feeds.instruments import InstrumentDefinition
from actors.monitoring.health import HealthConfig
from actors.portfolio.sizes import SizingConfig
from actors.risk.limits import RiskLimits
from runtime.config import BacktestConfig, StrategyConfig
from runtime.ingesting import DataConfig
from runtime.telemetry.config import TelemetryConfig

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
STRUCTS = (
    BacktestConfig,
    DataConfig,
    FileOptions,
    StrategyConfig,
    InstrumentDefinition,
    SizingConfig,
    RiskLimits,
    VenueConfig,
    LatencyConfig,
    FeeConfig,
    FillConfig,
    HealthConfig,
    TelemetryConfig,
)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_names_every_field(struct: type[msgspec.Struct]) -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE))
    fields = {field.name for field in msgspec.structs.fields(struct)}
    assert fields - named == set()


def test_the_example_is_a_configuration() -> None:
    [example] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    raw: dict[str, Any] = tomllib.loads(example)
    config = msgspec.convert(raw, BacktestConfig, strict=False)
    assert [strategy.name for strategy in config.strategies] == ["fast", "slow"]
    assert config.risk.max_position == 500_000
    assert config.venues[0].latency.base_ns == 20_000_000
