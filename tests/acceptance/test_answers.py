"""What programs are told: one JSON object a command, with at least the promised fields."""

import pytest

from tests.acceptance.conftest import Undisturbed
from tests.acceptance.program import BACKTEST, EURUSD, TICKS, Wakeline

pytestmark = pytest.mark.xdist_group("acceptance")

FIELDS = {
    "backtest": "run ticks bars signals orders vetoes fills pnl max_drawdown sharpe profit_factor"
    " win_rate decision_hash ingest_s elapsed_s ticks_per_s",
    "ingest": "rows_read rows_accepted rows_refused refused_by_reason first_ts last_ts",
    "replay --verify": "identical decisions first_difference",
    "sql": "columns rows",
    "why": "chain",
    "runs": "runs",
    "tail": "run events",
    "report": "run path",
    "compare": "runs configuration identical first_difference",
    "schema": "$schema",
    "doctor": "profile",
}


@pytest.fixture(scope="module")
def order(undisturbed: Undisturbed) -> str:
    """The first order of the run."""
    query = "SELECT client_order_id FROM orders ORDER BY seq LIMIT 1"
    rows = undisturbed.program.ask("sql", query)["rows"]
    assert isinstance(rows, list)
    return str(rows[0][0])


@pytest.mark.parametrize("command", FIELDS)
def test_answers_with_one_object_that_has_the_promised_fields(
    undisturbed: Undisturbed, order: str, command: str
) -> None:
    program, run = undisturbed.program, str(undisturbed.result["run"])
    arguments = {
        "ingest": (str(TICKS), *EURUSD),
        "sql": ("SELECT 1 AS one",),
        "why": (order,),
        "compare": (run, run),
    }
    if command == "backtest":
        answer = undisturbed.result
    else:
        answer = program.ask(*command.split(), *arguments.get(command, ()))
    assert set(FIELDS[command].split()) <= answer.keys()
    assert answer


def test_why_leads_from_an_order_to_the_market(undisturbed: Undisturbed, order: str) -> None:
    chain = undisturbed.program.ask("why", order)["chain"]
    assert isinstance(chain, list)
    assert all({"kind", "position", "author", "payload"} <= link.keys() for link in chain)
    kinds = [link["kind"] for link in chain]
    assert kinds[0].startswith("order.")
    assert "signal.raised" in kinds
    assert kinds[-1].startswith("market.")


def test_figures_fit_together(undisturbed: Undisturbed) -> None:
    result = undisturbed.result
    assert result["ticks"] == 47_062
    assert result["bars"] == 1_425
    assert result["orders"] == result["signals"]
    assert isinstance(result["elapsed_s"], float)
    assert isinstance(result["ticks"], int)
    assert result["ticks_per_s"] == pytest.approx(result["ticks"] / result["elapsed_s"])


def test_a_finished_run_is_not_gone_on_with_and_a_forced_one_decides_the_same(
    wakeline: Wakeline, undisturbed: Undisturbed
) -> None:
    first, forced = wakeline.backtest(), wakeline.backtest("--new")
    run = str(first["run"])
    assert forced["run"] == f"{run}.2"
    hashes = {each["decision_hash"] for each in (first, forced, undisturbed.result)}
    assert len(hashes) == 1
    assert wakeline.ask("compare", run, f"{run}.2")["identical"] is True


def test_people_are_told_the_same_as_programs(undisturbed: Undisturbed, wakeline: Wakeline) -> None:
    done = wakeline.run(*BACKTEST)
    assert done.code == 0
    assert str(undisturbed.result["decision_hash"]) in done.stdout
    assert "47,062 rows, 3,991 refused, 1,425 bars" in done.stdout
    assert "52 signals, 0 withheld, 52 orders" in done.stdout
