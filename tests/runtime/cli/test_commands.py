"""What each command answers, for people and as one JSON object."""

import json
from pathlib import Path

import pytest

from events.backends.sqlite.market_log import SqliteMarketLog
from runtime.home import Home
from runtime.results import BacktestResult, write_result
from schemas.registry import registered
from tests.runtime.cli.conftest import Call
from tests.support.handmade import RUN, SOURCE

SAMPLES = Path(__file__).parents[2] / "samples"
EURUSD = SAMPLES / "lean" / "forex" / "oanda" / "minute" / "eurusd"


def test_why_gives_the_chain_and_what_came_of_it(call_at: Call) -> None:
    answer = call_at("why", "T-1", "--json").answer
    assert set(answer) == {"id", "run", "chain", "outcome"}
    assert (answer["id"], answer["run"]) == ("T-1", RUN)
    chain = answer["chain"]
    assert isinstance(chain, list)
    assert all({"kind", "position", "author", "payload"} <= set(link) for link in chain)
    assert [chain[0]["kind"], chain[-1]["kind"]] == ["order.filled", "market.quote"]
    assert chain[-1]["payload"]["bid"] == "0.00010"


def test_why_tells_people_the_rule_that_stopped_an_order(call_at: Call) -> None:
    told = call_at("why")
    assert "stopped by notional (1000000 against a limit of 500000)" in told.out
    assert told.out.index("order.vetoed") < told.out.index("signal.raised")
    assert told.out.index("signal.raised") < told.out.index("market.quote")


def test_why_without_an_order_means_the_last_that_was_stopped(call_at: Call) -> None:
    veto = call_at("tail", "--kind", "order.vetoed", "--json").answer["events"]
    assert isinstance(veto, list)
    assert call_at("why", "--json").answer == call_at("why", veto[0]["id"], "--json").answer


def test_why_looks_in_one_run_or_in_all(call_at: Call) -> None:
    assert call_at("why", "T-1", "--run", RUN[:5], "--json").answer["run"] == RUN
    told = call_at("why", "nothing-is-called-so", "--json")
    assert told.code == 2
    assert "no event, order, trade or tick of that name" in str(told.answer["error"])


def test_tail_shows_the_last_events_of_the_kinds_asked_for(call_at: Call) -> None:
    answer = call_at("tail", "--kind", "order.*", "-n", "2", "--json").answer
    events = answer["events"]
    assert isinstance(events, list)
    assert answer["run"] == RUN
    assert [event["kind"] for event in events] == ["order.vetoed", "order.rejected"]
    people = call_at("tail", "-n", "2").out.splitlines()
    assert [line.split()[2] for line in people] == ["signal.withheld", "cell.stopped"]


def test_following_a_finished_run_ends_and_gives_an_object_a_line(call_at: Call) -> None:
    told = call_at("tail", "--follow", "--json", "-n", "3")
    assert [json.loads(line)["kind"] for line in told.out.splitlines()] == [
        "market.bar",
        "signal.withheld",
        "cell.stopped",
    ]


def test_runs_lists_state_and_figures(call_at: Call, recorded: Home) -> None:
    (unfigured,) = json.loads(call_at("runs", "--json").out)["runs"]
    assert (unfigured["run"], unfigured["state"], unfigured["figures"]) == (RUN, "finished", None)
    write_result(recorded.find_run().result, result())
    (figured,) = json.loads(call_at("runs", "--json").out)["runs"]
    assert figured["figures"]["pnl"] == 12.5
    people = call_at("runs").out
    assert "+12.50 USD" in people
    assert "0.10%" in people


def result() -> BacktestResult:
    return BacktestResult(
        run=RUN,
        strategy="ema_cross",
        instruments=("EUR/USD.FXCM",),
        currency="USD",
        ticks=100,
        bars=4,
        signals=3,
        orders=3,
        vetoes=1,
        fills=2,
        pnl=12.5,
        max_drawdown=0.001,
        sharpe=None,
        profit_factor=None,
        win_rate=1.0,
        decision_hash="00",
        ingest_s=0.1,
        elapsed_s=0.1,
        ticks_per_s=1000.0,
    )


def test_report_writes_a_page_and_says_where(call_at: Call, recorded: Home) -> None:
    answer = call_at("report", "--json").answer
    path = recorded.find_run().report
    assert answer == {"run": RUN, "path": str(path), "bytes": path.stat().st_size}
    assert call_at("report").out.replace("\n", "") == str(path)


def test_schema_exports_every_kind(call: Call, tmp_path: Path) -> None:
    kinds = {f"{kind}/v{version}" for kind, version, _ in registered()}
    exported = call("schema", "--json").answer
    assert set(json.loads(json.dumps(exported["kinds"]))) == kinds
    target = tmp_path / "events.json"
    assert call("schema", "--output", target).code == 0
    assert json.loads(target.read_text()) == exported
    people = call("schema").out
    assert "order.vetoed" in people
    assert "Risk stopped the order" in people


def test_doctor_measures_and_says_why_it_picks_a_profile(call: Call, tmp_path: Path) -> None:
    answer = call("doctor", "--json", "--home", tmp_path / "not" / "made").answer
    assert set(answer) == {"hardware", "profile", "engines", "disk"}
    assert answer["disk"] == str(tmp_path)
    assert list(tmp_path.iterdir()) == []
    people = call("doctor", "--home", tmp_path)
    assert people.code == 0
    assert "profile" in people.out


def test_sql_before_anything_was_stored_is_a_users_error(call_at: Call) -> None:
    told = call_at("sql", "SELECT 1", "--json")
    assert told.code == 2
    assert "nothing" in str(told.answer["error"])


def test_ingest_counts_rows_and_records_them(call: Call, tmp_path: Path) -> None:
    arguments = ("ingest", EURUSD, "--instrument", "EUR/USD", "--venue", "OANDA", "--json")
    answer = call(*arguments, "--home", tmp_path).answer
    rows = answer["rows_accepted"]
    assert isinstance(rows, int)
    assert rows > 1_000
    assert answer["rows_read"] == rows + int(str(answer["rows_refused"]))
    assert int(str(answer["first_ts"])) < int(str(answer["last_ts"]))
    (source,) = json.loads(json.dumps(answer["sources"]))
    log = SqliteMarketLog(tmp_path / "market")
    assert log.sources() == [source["source"]]
    assert log.end(source["source"]) >= rows
    assert call(*arguments, "--home", tmp_path).answer == answer


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("/nowhere",), "/nowhere: no such file or directory"),
        ((EURUSD, "--format", "nonsense"), "unknown format 'nonsense'"),
        ((EURUSD, "--quality", "spike=repair"), "spike cannot be 'repair'"),
        ((EURUSD, "--quality", "nonsense=drop"), "`nonsense`"),
        ((EURUSD, "--quality", "spike"), "--quality 'spike': write FAULT=ACTION"),
    ],
)
def test_ingest_names_what_is_wrong(
    call: Call, tmp_path: Path, arguments: tuple[str | Path, ...], said: str
) -> None:
    told = call("ingest", *arguments, "--json", "--home", tmp_path)
    assert told.code == 2
    assert said in str(told.answer["error"])


def test_ingest_tells_people_what_it_kept_and_could_not_read(call: Call, tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text("just words\n")
    (tmp_path / "ticks.csv").write_text(
        "time,bid,ask\n1359676800,1.2,1.1\n1359676801,1.1,1.2\n1359680000,1.1,1.2\n"
    )
    told = call(
        *("ingest", tmp_path, "--instrument", "EUR/USD", "--venue", "FXCM"),
        *("--quality", "crossed=keep", "--quality", "on_bad_file=skip"),
        *("--home", tmp_path / "home"),
    )
    assert told.code == 0
    assert "kept although odd: crossed 1" in told.out
    assert "gaps: 1, and 0 that were expected" in told.out
    assert "unreadable: words.csv, row 1: the columns 'just words'" in told.out


def test_a_tick_can_be_asked_about_too(call_at: Call) -> None:
    answer = call_at("why", f"{SOURCE}:60", "--json").answer
    outcome = answer["outcome"]
    assert isinstance(outcome, list)
    assert [link["kind"] for link in outcome][-1] == "order.vetoed"
