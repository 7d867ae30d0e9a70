"""``wakeline ask``: the questions with a name, on a real run."""

import inspect
from importlib import import_module
from pkgutil import iter_modules

import pytest

from projections import queries
from runtime.questions import QUESTIONS
from tests.acceptance.conftest import Undisturbed

pytestmark = pytest.mark.xdist_group("acceptance")

NOT_ABOUT_A_RUN = {"runs"}
SHARED = {"asking", "reference"}


def test_every_query_about_a_run_has_a_name() -> None:
    modules = [
        import_module(f"projections.queries.{found.name}")
        for found in iter_modules(queries.__path__)
        if found.name not in SHARED
    ]
    asked = {
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and name not in NOT_ABOUT_A_RUN
    }
    assert asked == set(QUESTIONS.values())


@pytest.mark.parametrize(
    ("question", "column"),
    [("mark-outs", "later_mid"), ("slippage", "cost_to_arrived_mid"), ("round-trips", "realised")],
)
def test_a_question_is_answered_in_rows(
    undisturbed: Undisturbed, question: str, column: str
) -> None:
    answer = undisturbed.program.ask("ask", question)
    assert (answer["question"], answer["run"]) == (question, undisturbed.result["run"])
    rows = answer["rows"]
    assert isinstance(rows, list)
    assert len(rows) >= 25
    assert all(column in row for row in rows)


def test_an_unknown_question_names_those_there_are(undisturbed: Undisturbed) -> None:
    complaint = undisturbed.program.run("ask", "meaning-of-life").complaint
    assert complaint.startswith("ask 'meaning-of-life': no such question; there are round-trips,")
