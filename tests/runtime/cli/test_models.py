"""``wakeline models`` and ``wakeline train``, and a backtest that asks a model."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from events.backends.sqlite.journal import SqliteJournal
from events.codecs.json import decode_step
from runtime.home import Home
from runtime.serving import DEFAULT_MODEL
from schemas.pattern import PatternAbstained, PatternRecognised
from tests.runtime.cli.conftest import Call, Told
from tests.runtime.training.material import MINUTES

TINY = f"""
name = "tiny"
interval = "1m"
stride = 8
[[data]]
paths = ["{MINUTES}"]
[labels]
horizon = 5
[splits]
folds = 1
embargo = 1
[network]
context = 8
width = 8
heads = 2
layers = 1
channels = [4, 4]
[fit]
epochs = 1
device = "cpu"
"""

ASKS = f"""
[[data]]
paths = ["{MINUTES}"]
[[strategies]]
use = "buy_and_hold"
[[patterns]]
use = "fast"
every = 20
parameters = {{ model = "MODEL" }}
"""


def listed(said: Told) -> list[dict[str, Any]]:
    return msgspec.convert(said.answer["models"], list[dict[str, Any]])


def test_the_shipped_model_is_listed_before_any_was_trained(call: Call, tmp_path: Path) -> None:
    (model,) = listed(call("models", "--home", tmp_path, "--json"))
    assert model["card"]["name"] == DEFAULT_MODEL
    assert model["shipped"]
    assert DEFAULT_MODEL in call("models", "--home", tmp_path).out
    assert "| network |" in call("models", DEFAULT_MODEL, "--home", tmp_path).out


def test_trains_then_lists_compares_and_promotes(call: Call, tmp_path: Path) -> None:
    config, home = tmp_path / "tiny.toml", tmp_path / "home"
    config.write_text(TINY, encoding="utf-8")
    trained = call("train", config, "--home", home, "--json").answer
    card = trained["card"]
    assert isinstance(card, dict)
    assert Path(str(trained["folder"])).is_dir()
    both = call("models", "tiny", DEFAULT_MODEL, "--home", home).out
    assert "tiny" in both
    assert DEFAULT_MODEL in both
    promoted = call("models", "tiny", "--promote", card["digest"], "--home", home, "--json")
    assert [each["promoted"] for each in listed(promoted)] == [True]


def test_a_card_is_drawn_where_it_was_told_to(call: Call, tmp_path: Path) -> None:
    page = tmp_path / "model.html"
    told = call("models", "fast-eurusd", "--to", page, "--home", tmp_path / "home", "--json")
    assert told.answer["page"] == str(page)
    assert "Whether its confidence is honest" in page.read_text(encoding="utf-8")


def test_one_model_is_drawn_at_a_time(call: Call, tmp_path: Path) -> None:
    told = call("models", "--to", tmp_path / "model.html", "--home", tmp_path / "home")
    assert told.code == 2
    assert "--to draws one model" in told.err


def test_a_model_learns_from_what_another_said_in_a_run(call: Call, tmp_path: Path) -> None:
    asks, config, home = tmp_path / "asks.toml", tmp_path / "tiny.toml", tmp_path / "home"
    asks.write_text(ASKS.replace("MODEL", DEFAULT_MODEL), encoding="utf-8")
    config.write_text(TINY, encoding="utf-8")
    run = call("backtest", asks, "--home", home, "--json").answer["run"]
    taught = call("train", config, "--teacher", "fast", "--home", home, "--json").answer
    card: Any = taught["card"]
    assert card["teacher"]["recogniser"] == "fast"
    assert card["teacher"]["run"] == run
    assert card["teacher"]["samples"] > 50, "also between the moments that it learns from alone"
    assert 0 <= card["teacher"]["agreement"]["mean"] <= 1
    alone: Any = call("train", config, "--home", home, "--json").answer["card"]
    assert alone["teacher"] is None
    assert alone["digest"] != card["digest"]
    page = (Path(str(taught["folder"])) / "card.md").read_text(encoding="utf-8")
    assert f"Taught by `fast` in run `{run}`" in page
    refused = call("train", config, "--teacher", "minicpm", "--home", home)
    assert refused.code == 2
    assert "no answer of minicpm about 1m bars; there are:" in refused.err


def test_a_teacher_who_spoke_about_other_bars_teaches_nothing(call: Call, tmp_path: Path) -> None:
    asks, config, home = tmp_path / "asks.toml", tmp_path / "tiny.toml", tmp_path / "home"
    asks.write_text(ASKS.replace("MODEL", DEFAULT_MODEL), encoding="utf-8")
    later = MINUTES.with_name("20111031_quote.zip")
    config.write_text(TINY.replace(str(MINUTES), str(later)), encoding="utf-8")
    run = call("backtest", asks, "--home", home, "--json").answer["run"]
    refused = call("train", config, "--teacher", "fast", "--home", home)
    assert refused.code == 2
    assert f"fast said nothing in run {run} about a bar that is learned from" in refused.err


@pytest.mark.parametrize("option", [("--run", "latest"), ("--weight", "0.3")])
def test_what_is_said_about_a_teacher_needs_one(
    call: Call, tmp_path: Path, option: tuple[str, str]
) -> None:
    config = tmp_path / "tiny.toml"
    config.write_text(TINY, encoding="utf-8")
    refused = call("train", config, *option, "--home", tmp_path / "home")
    assert refused.code == 2
    assert "name it by --teacher" in refused.err


def test_a_model_that_is_not_there_is_said_to_be_missing(call: Call, tmp_path: Path) -> None:
    refused = call("models", "nobody", "--home", tmp_path)
    assert refused.code == 2
    assert "there is no such model; there are: fast-eurusd" in refused.err


def test_a_training_that_cannot_be_read_names_file_and_field(call: Call, tmp_path: Path) -> None:
    config = tmp_path / "bad.toml"
    config.write_text(TINY.replace("folds = 1", 'folds = "many"'), encoding="utf-8")
    refused = call("train", config, "--home", tmp_path / "home")
    assert refused.code == 2
    assert "bad.toml" in refused.err
    assert "splits.folds" in refused.err


def test_a_backtest_records_what_the_shipped_model_says(call: Call, tmp_path: Path) -> None:
    config, home = tmp_path / "asks.toml", tmp_path / "home"
    config.write_text(ASKS.replace("MODEL", DEFAULT_MODEL), encoding="utf-8")
    run = call("backtest", config, "--home", home, "--json").answer["run"]
    journal = SqliteJournal(Home.existing(home).find_run(str(run)).journal)
    inputs = [decode_step(stored.body).input.payload for stored in journal.records()]
    said = [each for each in inputs if isinstance(each, PatternRecognised)]
    assert len(said) > 50
    assert not [each for each in inputs if isinstance(each, PatternAbstained)]
    assert {each.latency for each in said} == {10_000_000}
    assert all(0.3 < each.confidence < 1 and each.calibrated for each in said)
    assert len({each.chart_hash for each in said}) > 0.9 * len(said)
    assert call("replay", "--verify", "--home", home, "--json").answer["identical"]
    again = call("replay", "--recompute", "patterns", "--home", home, "--json").answer
    assert again["answers"] == len(said)
    assert again["differences"] == []


def test_a_backtest_asks_an_ensemble_of_rules_and_model(call: Call, tmp_path: Path) -> None:
    config, home = tmp_path / "asks.toml", tmp_path / "home"
    asks = ASKS.replace('use = "fast"', 'use = "ensemble"')
    asks = asks.replace('model = "MODEL"', "quorum = 1").replace("every = 20", "every = 60")
    config.write_text(asks, encoding="utf-8")
    run = call("backtest", config, "--home", home, "--json").answer["run"]
    journal = SqliteJournal(Home.existing(home).find_run(str(run)).journal)
    inputs = [decode_step(stored.body).input.payload for stored in journal.records()]
    said = [each for each in inputs if isinstance(each, PatternRecognised)]
    assert len(said) > 15
    assert {each.recogniser for each in said} == {"ensemble"}


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [('model = "nobody"', "no such model"), ('temper = "hot"', "no parameter 'temper'")],
)
def test_a_backtest_refuses_a_model_that_it_cannot_have(
    call: Call, tmp_path: Path, parameters: str, reason: str
) -> None:
    config = tmp_path / "asks.toml"
    config.write_text(ASKS.replace('model = "MODEL"', parameters), encoding="utf-8")
    refused = call("backtest", config, "--home", tmp_path / "home")
    assert refused.code == 2
    assert reason in refused.err


def test_a_card_is_told_as_json_in_full(call: Call, tmp_path: Path) -> None:
    answer = call("models", DEFAULT_MODEL, "--home", tmp_path, "--json").answer
    encoded = msgspec.json.encode(answer)
    assert b'"temperature"' in encoded
    assert b'"confusion"' in encoded
