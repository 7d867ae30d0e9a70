"""The configuration: what its digest covers, where its paths begin, and what it refuses."""

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from actors.portfolio.sizes import SizingConfig
from runtime.config import (
    BacktestConfig,
    ConfigError,
    RunSpec,
    StrategyConfig,
    load_config,
    parse_spec,
    save_config,
)
from runtime.ingesting import DataConfig

CONFIG = BacktestConfig(
    data=(DataConfig(paths=("ticks",), instruments=("EUR/USD",), venue="FXCM"),),
    strategies=(StrategyConfig(use="mine/swing.py:Swing", parameters={"fast": 3, "slow": 9}),),
)


def digest(config: BacktestConfig, *sources: str) -> str:
    return RunSpec(config=config, sources=sources or ("a",)).digest()


def test_the_digest_is_not_about_where_files_lie() -> None:
    assert digest(CONFIG.below(Path("/elsewhere"))) == digest(CONFIG)


def test_the_digest_is_not_about_the_order_of_parameters() -> None:
    (strategy,) = CONFIG.strategies
    turned = replace(strategy, parameters=dict(reversed(strategy.parameters.items())))
    assert digest(replace(CONFIG, strategies=(turned,))) == digest(CONFIG)


@pytest.mark.parametrize(
    "other",
    [
        replace(CONFIG, strategies=(replace(CONFIG.strategies[0], parameters={"fast": 4}),)),
        replace(CONFIG, strategies=(replace(CONFIG.strategies[0], use="mine/swing.py:Other"),)),
        replace(CONFIG, sizing=SizingConfig(value=Decimal(7))),
        replace(CONFIG, starting_balance=Decimal(5)),
        replace(CONFIG, valuation_every_ms=0),
    ],
)
def test_the_digest_changes_with_whatever_decides(other: BacktestConfig) -> None:
    assert digest(other) != digest(CONFIG)


def test_the_digest_changes_with_the_market() -> None:
    assert len({digest(CONFIG, "a"), digest(CONFIG, "b"), digest(CONFIG, "a", "b")}) == 3


def test_a_recorded_spec_is_read_back() -> None:
    spec = RunSpec(config=CONFIG, sources=("a", "b"))
    assert parse_spec(spec.canonical()) == spec
    with pytest.raises(ConfigError, match="recorded configuration"):
        parse_spec('{"config":{},"sources":[]}')


def test_paths_begin_at_the_files_folder_unless_they_are_absolute(tmp_path: Path) -> None:
    (tmp_path / "run.toml").write_text(
        '[[data]]\npaths = ["ticks", "/abs"]\n'
        '[[strategies]]\nuse = "mine.py:Mine"\n[[strategies]]\nuse = "ema_cross"\n'
    )
    config = load_config(tmp_path / "run.toml")
    assert config.data[0].paths == (f"{tmp_path}/ticks", "/abs")
    assert [each.use for each in config.strategies] == [f"{tmp_path}/mine.py:Mine", "ema_cross"]
    assert [each.file for each in config.strategies] == [f"{tmp_path}/mine.py", None]


def test_a_saved_configuration_is_the_same_from_anywhere(tmp_path: Path) -> None:
    save_config(tmp_path / "config.json", CONFIG)
    assert load_config(tmp_path / "config.json") == CONFIG.below(Path.cwd())


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "missing required field `data`"),
        ("data = []\nstrategies = []", r"length >= 1 - at `\$\.data`"),
        ("start = 2014-05-02T00:00:00Z\nend = 2014-05-01T00:00:00Z", "`start` must be before"),
        ("start = 2014-05-02T00:00:00", r"timezone.* - at `\$\.start`"),
        ("starting_balance = 0", "`starting_balance` must be a number above zero"),
        ("valuation_every_ms = -1", r">= 0 - at `\$\.valuation_every_ms`"),
        ("= 3", "line 1"),
    ],
)
def test_what_cannot_be_configured_is_refused_by_file_and_field(
    tmp_path: Path, text: str, complaint: str
) -> None:
    rest = '\n[[data]]\npaths = ["x"]\n[[strategies]]\nuse = "ema_cross"\n'
    whole = text if text == "" or "data" in text else text + rest
    (tmp_path / "run.toml").write_text(whole)
    with pytest.raises(ConfigError, match=rf"run\.toml: .*{complaint}"):
        load_config(tmp_path / "run.toml")


def test_a_configuration_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: No such file"):
        load_config(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'currency = "\xe9"')
    with pytest.raises(ConfigError, match=r"latin\.toml: .*utf-8"):
        load_config(tmp_path / "latin.toml")
