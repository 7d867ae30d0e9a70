"""A run whose logs are in Kafka: the same decisions, the same answers, killed and gone on with."""

from pathlib import Path

import msgspec
import pytest

from events.backends.kafka.config import KafkaConfig
from runtime.backends import JournalConfig, journal_of
from runtime.home import Home
from tests.acceptance.conftest import Undisturbed
from tests.acceptance.processes import Victim, kill, wait_for
from tests.acceptance.program import BACKTEST, EURUSD, TICKS, Answer, Wakeline
from tests.support.kafka import kafka_bootstrap, kafka_config

__all__ = ["kafka_bootstrap", "kafka_config"]

pytestmark = pytest.mark.xdist_group("acceptance")


@pytest.fixture
def in_kafka(tmp_path: Path, kafka_config: KafkaConfig) -> tuple[str, str]:
    """The options that put logs into this test's name space of the session's broker."""
    path = tmp_path / "journal.toml"
    journal = msgspec.to_builtins(JournalConfig(backend="kafka", kafka=kafka_config))
    lines = ["[journal]", 'backend = "kafka"', "[journal.kafka]"]
    lines += [
        f"{name} = {msgspec.json.encode(journal['kafka'][name]).decode()}"
        for name in ("bootstrap", "prefix", "timeout_s")
    ]
    path.write_text("\n".join(lines))
    return "--journal", str(path)


def run(wakeline: Wakeline, *arguments: str) -> Answer:
    """The answer of a command that must succeed; it may warn of the single copy."""
    done = wakeline.run(*arguments, "--json")
    assert done.code == 0, done
    return done.answer


def objects(answer: Answer, key: str) -> list[Answer]:
    """A list of objects in an answer."""
    return msgspec.convert(answer[key], list[Answer])


def test_the_decision_hash_is_the_same_as_with_files(
    wakeline: Wakeline, undisturbed: Undisturbed, in_kafka: tuple[str, str]
) -> None:
    answer = run(wakeline, *BACKTEST, *in_kafka)
    same = ("run", "decision_hash", "ticks", "fills", "pnl")
    assert [answer[key] for key in same] == [undisturbed.result[key] for key in same]

    directory = Home(wakeline.home).find_run()
    assert not directory.journal.exists(), "nothing of the run is in files"
    assert not list(Home(wakeline.home).market.iterdir())
    assert journal_of(directory).end() > 0
    assert wakeline.ask("replay", "--verify")["identical"]


def test_every_question_finds_the_run(wakeline: Wakeline, in_kafka: tuple[str, str]) -> None:
    ingested = run(wakeline, "ingest", str(TICKS), *EURUSD, *in_kafka)
    name = str(run(wakeline, *BACKTEST, *in_kafka)["run"])

    (listed,) = objects(wakeline.ask("runs"), "runs")
    assert (listed["run"], listed["state"]) == (name, "finished")
    (last,) = objects(wakeline.ask("tail", "-n", "1"), "events")
    assert last["kind"] == "cell.stopped"
    why = wakeline.ask("why")
    assert (why["run"], objects(why, "chain")[-1]["kind"]) == (name, "market.quote")
    assert wakeline.ask("report")["run"] == name
    rows = wakeline.ask("sql", "SELECT count() FROM quotes")["rows"]
    assert rows == [[ingested["rows_accepted"]]]


def test_what_was_seen_and_how_long_it_took_is_found(
    wakeline: Wakeline, in_kafka: tuple[str, str]
) -> None:
    confirming = ("--strategy", "pattern_confirmation")
    day = ("backtest", "--data", str(TICKS), *EURUSD, *confirming, "--trace", *in_kafka)
    name = str(run(wakeline, *day)["run"])
    (first, *_) = objects(wakeline.ask("patterns", "list"), "patterns")
    shown = wakeline.ask("patterns", "show", str(first["position"]))
    assert Path(str(shown["picture"])).exists()
    recomputed = wakeline.ask("replay", "--recompute", "patterns")
    assert recomputed["answers"]
    assert not recomputed["differences"]
    assert wakeline.ask("trace")["run"] == name


def test_a_run_that_was_killed_goes_on_with_what_is_in_kafka(
    wakeline: Wakeline, undisturbed: Undisturbed, in_kafka: tuple[str, str]
) -> None:
    home = Home(wakeline.home)

    def has_begun() -> bool:
        return any(journal_of(each).end() > 500 for each in home.runs())

    process = wakeline.start(*BACKTEST, *in_kafka)
    with process:
        assert wait_for(process, has_begun)
        assert kill(process, Victim.GROUP)
    answer = run(wakeline, *BACKTEST, *in_kafka)
    assert answer["recovered_steps"]
    assert answer["decision_hash"] == undisturbed.result["decision_hash"]


def test_a_run_in_files_and_one_in_kafka_are_two_runs(
    wakeline: Wakeline, in_kafka: tuple[str, str]
) -> None:
    in_files = wakeline.backtest()
    elsewhere = run(wakeline, *BACKTEST, *in_kafka)
    assert elsewhere["run"] == f"{in_files['run']}.2"
    compared = wakeline.ask("compare", str(in_files["run"]), str(elsewhere["run"]))
    assert compared["identical"]


def test_a_broker_that_is_not_there_is_named_in_time(wakeline: Wakeline, tmp_path: Path) -> None:
    nobody = tmp_path / "nobody.toml"
    nobody.write_text(
        '[journal]\nbackend = "kafka"\n[journal.kafka]\nbootstrap = "localhost:1"\ntimeout_s = 2\n'
    )
    done = wakeline.run(*BACKTEST, "--journal", str(nobody))
    assert "localhost:1" in done.complaint


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the file has no table [journal]"),
        ('[journal]\nbackend = "kafka"\n[journal.kafka]\nport = 9\n', "unknown field `port`"),
        ('[journal]\nbackend = "rabbit"\n', "rabbit"),
        ("[journal", "journal"),
    ],
)
def test_a_journal_file_that_says_nothing_sensible_is_refused(
    wakeline: Wakeline, tmp_path: Path, text: str, complaint: str
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text)
    assert complaint in wakeline.run(*BACKTEST, "--journal", str(path)).complaint
