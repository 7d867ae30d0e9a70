"""A traced run decides what it always did, and every chain with a decision can be asked about."""

from pathlib import Path
from typing import Any

import pytest

from events.backends.sqlite.journal import SqliteJournal
from tests.acceptance.conftest import Undisturbed
from tests.acceptance.processes import Victim, kill, wait_for
from tests.acceptance.program import BACKTEST, Wakeline

pytestmark = [pytest.mark.xdist_group("acceptance"), pytest.mark.timeout(300)]

DECIDED = (
    "correlation IN (SELECT correlation FROM events WHERE kind LIKE 'signal.%' OR kind LIKE"
    " 'order.%')"
)


def rows(program: Wakeline, sql: str) -> list[list[Any]]:
    found = program.ask("sql", sql)["rows"]
    assert isinstance(found, list)
    return found


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Wakeline:
    program = Wakeline(tmp_path_factory.mktemp("traced") / "home")
    program.backtest("--trace")
    return program


def test_the_decisions_and_the_name_of_a_traced_run_are_those_of_any_other(
    traced: Wakeline, undisturbed: Undisturbed
) -> None:
    assert traced.ask("replay", "--verify")["run"] == undisturbed.result["run"]
    events = "SELECT run, seq, idx, id, payload FROM events WHERE run != '' ORDER BY seq, idx"
    assert rows(traced, events) == rows(undisturbed.program, events)


def test_every_event_of_a_chain_with_a_decision_has_its_span_and_no_other_has(
    traced: Wakeline,
) -> None:
    events = f"SELECT id, concat(run, ':', position), author, kind FROM events WHERE {DECIDED}"
    spans = "SELECT " + ", ".join(
        f"SpanAttributes['wakeline.{name}']" for name in ("event", "position", "author", "kind")
    )
    decided = sorted(rows(traced, events))
    assert len(decided) > 100
    assert sorted(rows(traced, f"{spans} FROM otel_traces")) == decided


def test_a_fill_is_shown_with_the_whole_way_from_the_bar_to_it(traced: Wakeline) -> None:
    [[trade, event]] = rows(traced, "SELECT trade_id, id FROM fills ORDER BY seq LIMIT 1")
    answer = traced.ask("trace", trade)
    spans = answer["spans"]
    assert isinstance(spans, list)
    by_id = {span["span"]: span for span in spans}
    way = [next(span for span in spans if span["event"] == event)]
    while way[-1]["parent"] in by_id:
        way.append(by_id[way[-1]["parent"]])
    assert [span["name"] for span in reversed(way)] == [
        *("market.bar", "signal.raised", "order.requested", "order.approved", "order.filled"),
    ]
    assert [span["depth"] for span in reversed(way)] == [0, 1, 2, 3, 4]
    assert all(span["handling_ns"] > 0 for span in way)
    assert way[-1]["market_ns"] == 0 <= way[0]["market_ns"]
    ends = [span["offset_ns"] + span["handling_ns"] for span in spans]
    assert answer["duration_ns"] == max(ends)
    assert traced.ask("trace", str(answer["trace"]))["spans"] == spans


def test_an_order_that_was_stopped_can_be_asked_about_by_the_beginning_of_its_id(
    traced: Wakeline,
) -> None:
    [[order]] = rows(traced, "SELECT client_order_id FROM orders ORDER BY seq DESC, idx LIMIT 1")
    told = traced.run("trace", order[:12])
    assert told.code == 0
    assert "order.requested" in told.stdout
    assert "market.bar" in told.stdout


def test_a_chain_that_nobody_measured_is_said_to_be_so(undisturbed: Undisturbed) -> None:
    program = undisturbed.program
    assert "--trace` measures them" in program.run("trace").complaint
    assert "no event, order, trade or tick" in program.run("trace", "nothing").complaint
    nowhere = program.run("trace", "0123456789abcdef0123456789abcdef").complaint
    assert "no span of its chain was kept" in nowhere


def test_a_traced_run_that_was_killed_goes_on_and_has_each_span_once(tmp_path: Path) -> None:
    program = Wakeline(tmp_path / "home", measured=False)
    process = program.start(*BACKTEST, "--trace")
    runs = program.home / "runs"

    def has_begun(run: Path) -> bool:
        journal = SqliteJournal(run / "journal.sqlite")
        return (run / "spans.jsonl").stat().st_size > 0 and journal.end() > 0

    assert wait_for(process, lambda: any(has_begun(f.parent) for f in runs.glob("*/spans.jsonl")))
    assert kill(process, Victim.GROUP)
    process.communicate()
    result = program.backtest("--trace")
    assert result["recovered_steps"] != 0
    program.verify_finished_runs()
    assert rows(program, "SELECT count() - uniqExact(SpanId) FROM otel_traces") == [[0]]
    # What was measured and not written when the process died is not there; nothing else is.
    strange = f"SpanAttributes['wakeline.event'] NOT IN (SELECT id FROM events WHERE {DECIDED})"
    assert rows(program, f"SELECT count() FROM otel_traces WHERE {strange}") == [[0]]
