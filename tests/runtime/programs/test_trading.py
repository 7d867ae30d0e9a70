"""A paper session decides what the backtest decides, through kills and operators' commands."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.backends.files.span_file import SpanFile
from events.chain import verify_chain
from runtime.programs.program import Stage
from runtime.telemetry.config import TelemetryConfig, Watched
from runtime.telemetry.opening import watch
from schemas.order import OrderRequested, OrderVetoed
from tests.runtime.programs.days import CELL, RUN, Session, hash_of_backtest

COMMANDS = ("cell.pause", "cell.resume", "risk.halt", "risk.resume")
ACTIONS = st.lists(
    st.sampled_from(("feed", *["cell"] * 3, "kill the cell", "kill the feed", *COMMANDS)),
    max_size=40,
)


def lived(actions: list[str]) -> Session:
    session = Session()
    for action in actions:
        match action:
            case "feed":
                session.feed.turn()
            case "cell":
                session.cell.turn()
            case "kill the cell":
                session.kill_cell()
            case "kill the feed":
                session.kill_feed()
            case command:
                session.command(command)
    return session


def test_a_paper_session_decides_what_the_backtest_decides() -> None:
    session = Session()
    session.run_out()
    assert session.decision_hash() == hash_of_backtest()
    assert session.cell.status().stage is Stage.FINISHED
    (result,) = session.results
    assert result.decision_hash == hash_of_backtest()
    assert session.steps()[-1].input.kind == "cell.stopped"


def test_a_watched_session_decides_the_same_and_keeps_the_chain_of_every_order(
    tmp_path: Path,
) -> None:
    spans = tmp_path / "spans.jsonl"
    session = Session(watch=watch(TelemetryConfig(), Watched(cell=CELL, run=RUN), spans))
    for _ in range(30):
        session.feed.turn()
        session.cell.turn()
    session.kill_cell()
    session.run_out()
    session.cell.close()
    assert session.decision_hash() == hash_of_backtest()
    kept, _ = SpanFile(spans).read(0, 1 << 30)
    events = {event.id: event for step in session.steps() for event in step.events}
    orders = [name for name, each in events.items() if isinstance(each.payload, OrderRequested)]
    assert orders
    assert {*orders} <= {span.attributes["wakeline.event"] for span in kept}
    assert all(span.attributes["wakeline.event"] in events for span in kept)


@settings(max_examples=25)
@given(ACTIONS)
def test_any_session_verifies_and_loses_and_doubles_nothing(actions: list[str]) -> None:
    session = lived(actions)
    session.run_out()
    assert verify_chain(session.journal.records()) is None
    verdict = session.verified()
    assert verdict.identical, verdict.first_difference
    steps = session.steps()
    names = [event.id for step in steps for event in step.events]
    assert len(names) == len(set(names))
    taken = [step.input.id for step in steps if step.input.kind == "operator.commanded"]
    assert taken == [f"command-{number}" for number in range(session.commands)]
    if not session.commands:
        assert session.decision_hash() == hash_of_backtest()


def test_a_command_is_taken_between_two_moments_and_stands_where_it_was_taken() -> None:
    session = lived(["feed", "cell", "cell", "cell.pause", "cell"])
    (paused,) = [step for step in session.steps() if step.origin is not None]
    last_row = session.backend.market_log().read(
        paused.slices[0].source, paused.slices[0].to_seq, paused.slices[0].to_seq
    )
    (record,) = last_row
    assert paused.ts == record.batch.column("ts_event").view("int64")[0].as_py()
    assert paused.input.ts == paused.ts, "whatever time the operator's clock said"


def test_a_paused_cell_says_which_orders_it_stopped() -> None:
    session = lived(["cell.pause"])
    session.run_out()
    stopped = [
        event.payload
        for step in session.steps()
        for event in step.outputs
        if isinstance(event.payload, OrderVetoed)
    ]
    assert stopped
    assert {veto.failed.rule for veto in stopped} == {"paused"}
    assert session.verified().identical


def test_a_drained_cell_stops_for_good_when_no_order_is_on_its_way() -> None:
    session = lived(["feed", *["cell"] * 10, "cell.drain"])
    session.run_out()
    assert session.cell.status().stage is Stage.FINISHED
    assert session.steps()[-1].input.payload.reason == "drained"  # type: ignore[attr-defined]
    assert session.cell.status().counters["in_flight"] == 0
    assert len(session.results) == 1
    assert session.verified().identical


def test_what_an_operator_said_to_an_earlier_session_is_not_heard() -> None:
    session = Session()
    session.command("cell.drain", said_at=1)
    for _ in range(10):
        session.feed.turn()
        session.cell.turn()
    session.kill_cell()
    session.run_out()
    assert session.decision_hash() == hash_of_backtest()
    assert session.verified().identical


@pytest.mark.parametrize("turns", [1, 5, 30])
def test_a_cell_that_was_stopped_goes_on_later(turns: int) -> None:
    session = lived(["feed", *["cell"] * turns])
    session.cell.stop("operator")
    assert session.steps()[-1].input.kind == "cell.stopped"
    assert session.verified().identical, "a stopped session can be verified as it stands"
    session.start_cell_again()
    session.run_out()
    assert session.decision_hash() == hash_of_backtest()
    assert session.verified().identical


def test_a_cell_waits_for_its_market_and_says_so() -> None:
    session = Session()
    assert not session.cell.turn()
    assert session.cell.status().stage is Stage.WAITING
    assert session.cell.status().waits_for.startswith("the market of ")
