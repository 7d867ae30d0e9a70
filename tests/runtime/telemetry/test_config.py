"""A configuration that cannot be meant is refused, and one that is decides nothing."""

from pathlib import Path

import pytest

from runtime.config import BacktestConfig, ConfigError, RunSpec, StrategyConfig, load_config
from runtime.ingesting import DataConfig
from runtime.telemetry.config import TelemetryConfig, Watched


def config(telemetry: TelemetryConfig) -> BacktestConfig:
    return BacktestConfig(
        data=(DataConfig(paths=("x",)),),
        strategies=(StrategyConfig(use="ema_cross"),),
        telemetry=telemetry,
    )


@pytest.mark.parametrize(
    ("endpoint", "complaint"),
    [
        ("localhost:4318", "must begin with http:// or https://"),
        ("http://", "must begin with http:// or https://"),
        ("ftp://collector", "must begin with http:// or https://"),
        ("https://user:secret@collector", "may hold no password"),
        ("https://collector/?token=secret", "may hold no password"),
    ],
)
def test_an_endpoint_is_an_address_without_secrets(endpoint: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        TelemetryConfig(endpoint=endpoint)


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("sample = 1.5", r"<= 1.0 - at `\$\.telemetry\.sample`"),
        ("samples = 1", r"unknown field `samples` - at `\$\.telemetry`"),
        ('endpoint = "collector"', r"must begin with http.* - at `\$\.telemetry`"),
    ],
)
def test_a_file_that_says_otherwise_is_told_the_field(
    tmp_path: Path, table: str, complaint: str
) -> None:
    path = tmp_path / "run.toml"
    path.write_text(
        f'data = [{{paths = ["x"]}}]\nstrategies = [{{use = "ema_cross"}}]\n[telemetry]\n{table}\n'
    )
    with pytest.raises(ConfigError, match=complaint):
        load_config(path)


def test_a_run_has_the_same_name_watched_or_not() -> None:
    watched = config(TelemetryConfig(sample=1.0)).deciding()
    never = BacktestConfig(
        data=(DataConfig(paths=("x",)),), strategies=(StrategyConfig(use="ema_cross"),)
    )
    specs = [RunSpec(config=each, sources=("s",)) for each in (watched, never)]
    assert specs[0].digest() == specs[1].digest()
    assert "telemetry" not in specs[0].canonical()


def test_everything_that_leaves_says_who_was_watched() -> None:
    said = Watched(cell="main", run="r", host="h").attributes()
    assert said == {
        "service.name": "wakeline",
        "service.instance.id": "main/r",
        "host.name": "h",
        "wakeline.cell": "main",
        "wakeline.run": "r",
    }
