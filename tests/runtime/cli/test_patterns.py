"""``wakeline patterns`` and ``replay --recompute patterns``, on a run over real minutes."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from events.backends.sqlite.journal import SqliteJournal
from events.codecs.json import decode_step
from runtime.backtesting import run_backtest
from runtime.cli.output import progress
from runtime.cli.watching import watched
from runtime.config import BacktestConfig, StrategyConfig
from runtime.home import Home
from runtime.ingesting import DataConfig
from runtime.reporting import write_report
from schemas.envelope import AnyEvent
from tests.actors.patterns.charts.test_png import read
from tests.runtime.cli.conftest import Call

MINUTES = Path(__file__).parents[2] / "samples/lean/forex/oanda/minute/eurusd/20140508_quote.zip"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home.create(tmp_path_factory.mktemp("patterns") / "home")
    config = BacktestConfig(
        data=(DataConfig(paths=(str(MINUTES),)),),
        strategies=(StrategyConfig(use="pattern_confirmation"),),
    )
    with watched(progress()) as watcher:
        run_backtest(made, config, watcher)
    return made


def listed(call: Call, home: Home, *arguments: str) -> list[Mapping[str, object]]:
    found = call("patterns", "list", *arguments, "--home", home.path, "--json").answer["patterns"]
    assert isinstance(found, list)
    return found


def as_cup(event: AnyEvent) -> AnyEvent:
    payload = msgspec.structs.replace(event.payload, pattern="cup")
    return msgspec.structs.replace(event, payload=payload)


def test_lists_the_newest_answers_of_the_latest_run(call: Call, home: Home) -> None:
    every = listed(call, home, "-n", "10000")
    assert len(every) > 30
    assert listed(call, home, "-n", "3") == every[-3:]
    tops = listed(call, home, "--pattern", "double_top")
    assert tops == [each for each in every if each["pattern"] == "double_top"]


def test_tells_people_how_often_each_was_seen(call: Call, home: Home) -> None:
    told = call("patterns", "list", "--pattern", "double_top", "--home", home.path)
    assert "double_top short" in told.out
    assert f"double_top {len(listed(call, home, '--pattern', 'double_top'))}" in told.out


def test_writes_the_picture_of_an_answer_and_what_was_said(
    call: Call, home: Home, tmp_path: Path
) -> None:
    top = listed(call, home, "--pattern", "double_top")[-1]
    file = tmp_path / "top.png"
    answer = call(
        "patterns", "show", str(top["position"]), "--to", file, "--home", home.path, "--json"
    ).answer
    assert answer["picture"] == str(file)
    assert read(file.read_bytes()).shape == (448, 448, 3)
    about = answer["answer"]
    assert isinstance(about, dict)
    assert about["sighting"] == top
    assert (about["seen"], about["bars"]) == ("numbers", 120)


def test_the_same_answer_has_the_same_picture_by_position_and_by_id(
    call: Call, home: Home, tmp_path: Path
) -> None:
    top = listed(call, home, "--pattern", "double_top")[-1]
    names = (str(top["position"]), str(top["position"]).rpartition(":")[2], str(top["id"])[:10])
    pictures = set()
    for number, name in enumerate(names):
        file = tmp_path / f"{number}.png"
        call("patterns", "show", name, "--to", file, "--home", home.path)
        pictures.add(file.read_bytes())
    assert len(pictures) == 1


def test_without_a_place_the_picture_lies_beside_the_journal(call: Call, home: Home) -> None:
    top = listed(call, home, "--pattern", "double_top")[-1]
    told = call("patterns", "show", str(top["id"]), "--home", home.path)
    assert (home.find_run().path / f"pattern-{top['id']}.png").exists()
    assert "double_top, short, confidence 0.50 (not calibrated)" in told.out
    assert "rules, which looked at the numbers, not at this picture" in told.out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("show",), "patterns show: say which"),
        (("show", "0.0"), "pattern '0.0': no answer of a recogniser"),
        (("show", "zzz"), "pattern 'zzz': no answer of a recogniser"),
        (("show", ""), "more than one answer begins so"),
        (("list", "1.1"), "patterns list: takes no position"),
    ],
)
def test_says_what_cannot_be_shown(
    call: Call, home: Home, arguments: tuple[str, ...], complaint: str
) -> None:
    told = call("patterns", *arguments, "--home", home.path)
    assert told.code == 2
    assert complaint in told.err


def test_a_full_disk_or_a_folder_that_is_not_there_is_told(call: Call, home: Home) -> None:
    top = listed(call, home)[-1]
    told = call("patterns", "show", str(top["id"]), "--to", "/no/x.png", "--home", home.path)
    assert told.code == 2
    assert "/no/x.png: No such file or directory" in told.err


def test_asked_again_the_rules_say_the_same(call: Call, home: Home) -> None:
    answer = call("replay", "--recompute", "patterns", "--home", home.path, "--json").answer
    assert answer["answers"] == len(listed(call, home, "-n", "10000"))
    assert answer["differences"] == []


def test_a_changed_answer_in_the_record_is_found(call: Call, home: Home, tmp_path: Path) -> None:
    copy = tmp_path / "home"
    shutil.copytree(home.path, copy, ignore=shutil.ignore_patterns("clickhouse*", "journal*"))
    first = next(each["id"] for each in listed(call, home, "-n", "10000"))
    run = home.find_run()
    with SqliteJournal(copy / "runs" / run.run / "journal.sqlite").open() as writer:
        for record in SqliteJournal(run.journal).records():
            step = decode_step(record.body)
            outputs = tuple(as_cup(each) if each.id == first else each for each in step.outputs)
            head = writer.head.prev_hash
            writer.append(msgspec.structs.replace(step, outputs=outputs, prev_hash=head))
    told = call("replay", "--recompute", "patterns", "--home", copy)
    assert told.code == 1
    assert f"different: {run.run}, 1 of" in told.out
    assert "pattern=cup" in told.out


def test_the_report_marks_what_was_seen_on_the_price_chart(call: Call, home: Home) -> None:
    page = write_report(home, home.find_run()).read_text(encoding="utf-8")
    every = listed(call, home, "-n", "10000")
    assert page.count('"says":"') == len(every)
    top = listed(call, home, "--pattern", "double_top")[-1]
    assert f'"says":"double top short, rules","id":"{top["id"]}"' in page
