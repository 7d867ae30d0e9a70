"""Input that a user has to mend: one line that names file and place, exit code 2, the good kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree

import pytest

from events.backends.sqlite.market_log import SqliteMarketLog
from events.batches import BatchKind
from runtime.home import Home
from tests.acceptance.program import BACKTEST, SAMPLES, TICKS, Answer, Wakeline

DUKASCOPY = SAMPLES / "dukascopy-node"
DAY = Path("EURUSD", "2019", "01", "04")
CSV = ("--instrument", "EUR/USD", "--venue", "X")
HEADER = "timestamp,bid,ask\n"


def truncated(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def ticks_cut_off_in_the_last_hour(folder: Path) -> tuple[str, ...]:
    copytree(DUKASCOPY / DAY, folder / DAY, ignore=lambda *_: ["BID_candles_min_1.bi5"])
    truncated(folder / DAY / "23h_ticks.bi5")
    return (str(folder / "EURUSD"),)


def a_zip_cut_off_behind_a_good_one(folder: Path) -> tuple[str, ...]:
    place = folder / TICKS.relative_to(TICKS.parents[4])
    copytree(TICKS, place)
    copy(place / "20140501_quote.zip", place / "20140502_quote.zip")
    truncated(place / "20140502_quote.zip")
    return (str(place),)


def a_file_that_is_no_lzma(folder: Path) -> tuple[str, ...]:
    copytree(DUKASCOPY / DAY, folder / DAY, ignore=lambda *_: ["BID_candles_min_1.bi5"])
    copy(DUKASCOPY / "HistoryStart.bi5", folder / DAY / "23h_ticks.bi5")
    return (str(folder / "EURUSD"),)


def columns_that_say_nothing(folder: Path) -> tuple[str, ...]:
    (folder / "wrong.csv").write_text("when,what\n1,2\n")
    return (str(folder / "wrong.csv"), *CSV)


def mixed_time_zones(folder: Path) -> tuple[str, ...]:
    rows = ("2024-01-01T00:00:00+00:00,1.1,1.2", "2024-01-01T00:00:01-05:00,1.1,1.2")
    (folder / "zones.csv").write_text(HEADER + "\n".join(rows))
    return (str(folder / "zones.csv"), *CSV)


def an_unknown_instrument(folder: Path) -> tuple[str, ...]:
    (folder / "ticks.csv").write_text(f"{HEADER}2024-01-01T00:00:00Z,1.1,1.2\n")
    return (str(folder / "ticks.csv"), "--instrument", "QQQQQ", "--venue", "X")


def a_path_that_is_not_there(folder: Path) -> tuple[str, ...]:
    return (str(folder / "nowhere.csv"), *CSV)


@dataclass(frozen=True, slots=True)
class Case:
    """Files, what is said of them, and how many rows before were good."""

    write: Callable[[Path], tuple[str, ...]]
    complaint: tuple[str, ...]
    kept: int = 0


CASES = (
    Case(ticks_cut_off_in_the_last_hour, ("23h_ticks.bi5, row ", "cut off"), kept=8_912),
    Case(a_zip_cut_off_behind_a_good_one, ("20140502_quote.zip: ", "damaged"), kept=47_062),
    Case(a_file_that_is_no_lzma, ("23h_ticks.bi5: ", "not an LZMA file"), kept=8_912),
    Case(columns_that_say_nothing, ("wrong.csv, row 1: ", "'when, what'")),
    Case(mixed_time_zones, ("zones.csv, row 3: field time", "time zone"), kept=1),
    Case(an_unknown_instrument, ("unknown instrument 'QQQQQ'", "asset_class")),
    Case(a_path_that_is_not_there, ("nowhere.csv: no such file",)),
)


def rows_kept(program: Wakeline) -> int:
    log = SqliteMarketLog(Home(program.home).market)
    records = (record for source in log.sources() for record in log.read(source))
    return sum(record.rows for record in records if record.kind is not BatchKind.FACTS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.write.__name__)
def test_a_file_that_cannot_be_read_is_named_and_what_was_good_is_kept(
    wakeline: Wakeline, tmp_path: Path, case: Case
) -> None:
    ingest = ("ingest", *case.write(tmp_path))
    complaint = wakeline.run(*ingest).complaint
    assert all(part in complaint for part in case.complaint), complaint
    kept = rows_kept(wakeline)
    assert kept >= case.kept
    assert wakeline.run(*ingest).complaint == complaint, "the second time it says the same"
    assert rows_kept(wakeline) == kept, "and keeps the same"


def with_a_row(folder: Path, row: str) -> str:
    """A file with ``row`` as its third, between good ones."""
    rows = ("2024-01-01T00:00:00Z,1.1,1.2", row, "2024-01-01T00:00:02Z,1.1,1.2")
    (folder / "ticks.csv").write_text(HEADER + "\n".join(rows))
    return str(folder / "ticks.csv")


def assert_refused(answer: Answer, program: Wakeline, field: str, reason: str) -> None:
    assert (answer["rows_accepted"], answer["rows_refused"]) == (2, 1)
    assert answer["refused_by_reason"] == {reason: 1}
    (refused,) = (fact for fact in facts_in(program) if '"reason"' in fact)
    assert '"row":3' in refused
    assert f'"field":"{field}"' in refused
    assert "ticks.csv" in refused


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("2024-01-01T00:00:01Z,nan,1.2", "bid", "not_a_number"),
        ("2024-01-01T00:00:01Z,-inf,1.2", "bid", "not_a_number"),
        ("2024-01-01T00:00:01Z,1.1,-1.2", "ask", "non_positive"),
        ("2024-01-01T00:00:01Z,1.1,0", "ask", "non_positive"),
        ("yesterday,1.1,1.2", "time", "not_a_time"),
        ("2024-01-01T00:00:01Z,1.1,1.2,1.3", "", "wrong_columns"),
    ],
)
def test_a_row_that_is_a_mistake_is_named_and_what_was_good_is_kept(
    wakeline: Wakeline, tmp_path: Path, row: str, field: str, reason: str
) -> None:
    ingest = ("ingest", with_a_row(tmp_path, row), *CSV)
    place = f"ticks.csv, row 3{f', field {field}' if field else ''}: "
    for again in (False, True):
        done = wakeline.run(*ingest, "--json")
        assert done.complaint.startswith(f"1 row is malformed: {place}"), again
        assert done.answer["error"] == done.complaint
        assert done.answer["rows_malformed"] == 1
        assert_refused(done.answer, wakeline, field, reason)
    answer = wakeline.ask(*ingest, "--on-bad-rows", "keep-going")
    assert "error" not in answer
    assert_refused(answer, wakeline, field, reason)


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("2024-01-01T00:00:01Z,1.1,", "ask", "missing"),
        ("2024-01-01T00:00:01Z,1.2,1.1", "ask", "crossed"),
        ("2023-12-31T00:00:01Z,1.1,1.2", "time", "out_of_order"),
    ],
)
def test_what_markets_do_is_refused_by_policy_and_is_no_mistake(
    wakeline: Wakeline, tmp_path: Path, row: str, field: str, reason: str
) -> None:
    answer = wakeline.ask("ingest", with_a_row(tmp_path, row), *CSV)
    assert (answer["rows_malformed"], answer["malformed"]) == (0, [])
    assert_refused(answer, wakeline, field, reason)


def test_many_mistakes_are_counted_and_the_first_are_named(
    wakeline: Wakeline, tmp_path: Path
) -> None:
    rows = [f"2024-01-01T00:{minute:02}:00Z,nan,1.2" for minute in range(50)]
    (tmp_path / "ticks.csv").write_text(HEADER + "\n".join(rows))
    complaint = wakeline.run("ingest", str(tmp_path / "ticks.csv"), *CSV).complaint
    assert complaint.startswith("50 rows are malformed: ticks.csv, row 2, field bid: not a number")
    assert "row 6," in complaint
    assert "row 7," not in complaint
    assert "; and 45 more" in complaint


def test_a_backtest_on_mistakes_begins_only_when_it_is_told_to_go_on(
    wakeline: Wakeline, tmp_path: Path
) -> None:
    path = with_a_row(tmp_path, "2024-01-01T00:00:01Z,nan,1.2")
    backtest = ("backtest", "--data", path, *CSV, "--strategy", "buy_and_hold")
    done = wakeline.run(*backtest, "--json")
    assert "ticks.csv, row 3, field bid" in done.complaint
    assert done.answer == {"error": done.complaint}
    assert not Home(wakeline.home).runs()
    answer = wakeline.ask(*backtest, "--on-bad-rows", "keep-going")
    assert (answer["ticks"], answer["rows_refused"]) == (2, 1)
    wakeline.verify_finished_runs()


def test_a_configuration_can_put_up_with_mistakes(wakeline: Wakeline, tmp_path: Path) -> None:
    with_a_row(tmp_path, "2024-01-01T00:00:01Z,nan,1.2")
    (tmp_path / "run.toml").write_text(
        '[[data]]\npaths = ["ticks.csv"]\ninstruments = ["EUR/USD"]\nvenue = "X"\n'
        'on_bad_rows = "keep-going"\n[[strategies]]\nuse = "buy_and_hold"\n'
    )
    assert wakeline.ask("backtest", str(tmp_path / "run.toml"))["ticks"] == 2


def test_a_word_that_is_no_policy_for_bad_rows_is_refused(
    wakeline: Wakeline, tmp_path: Path
) -> None:
    done = wakeline.run("ingest", str(tmp_path), "--on-bad-rows", "hope")
    assert done.complaint == "--on-bad-rows 'hope': there are fail and keep-going"


def facts_in(program: Wakeline) -> Iterator[str]:
    log = SqliteMarketLog(Home(program.home).market)
    for source in log.sources():
        for record in log.read(source):
            if record.kind is BatchKind.FACTS:
                yield from record.batch["payload"].to_pylist()


def test_an_hour_without_ticks_is_no_error(wakeline: Wakeline, tmp_path: Path) -> None:
    copytree(DUKASCOPY / DAY, tmp_path / DAY, ignore=lambda *_: ["BID_candles_min_1.bi5"])
    before = wakeline.ask("ingest", str(tmp_path / "EURUSD"))
    copy(DUKASCOPY / "empty.bi5", tmp_path / DAY / "02h_ticks.bi5")
    after = wakeline.ask("ingest", str(tmp_path / "EURUSD"))
    assert after["rows_accepted"] == before["rows_accepted"]
    assert after["files_refused"] == []


def test_a_backtest_on_nothing_says_so(wakeline: Wakeline, tmp_path: Path) -> None:
    (tmp_path / DAY).mkdir(parents=True)
    copy(DUKASCOPY / "empty.bi5", tmp_path / DAY / "02h_ticks.bi5")
    done = wakeline.run("backtest", "--data", str(tmp_path / DAY), "--strategy", "ema_cross")
    assert "no ticks or bars" in done.complaint


def test_a_home_in_use_names_the_process_that_has_it(wakeline: Wakeline) -> None:
    with Home.create(wakeline.home).held("backtest"):
        complaint = wakeline.run(*BACKTEST).complaint
        assert "in use by process" in complaint
        assert "(backtest)" in complaint
    assert not Home(wakeline.home).runs()


def test_a_home_that_takes_no_data_is_named() -> None:
    nowhere = Wakeline(Path("/sys/wakeline"))
    assert nowhere.run(*BACKTEST, cwd=Path("/")).complaint.startswith("home /sys/wakeline: ")


def test_an_error_is_one_json_object_for_programs(wakeline: Wakeline) -> None:
    done = wakeline.run("ingest", "nowhere.csv", *CSV, "--json")
    assert done.answer == {"error": done.complaint}
