"""A model's card drawn: what stands where, and what is said when nobody judged it."""

import re
from pathlib import Path

import msgspec
import pytest

from actors.patterns.models.calibration import CurvePoint
from actors.patterns.models.card import Card, Measured
from runtime.home import Home
from runtime.report.model_figures import confusion, judges, reliability
from runtime.report.model_page import model_page
from runtime.serving import DEFAULT_MODEL
from runtime.training.registry import Registry


@pytest.fixture
def card(tmp_path: Path) -> Card:
    """The shipped model's."""
    return Registry(Home.create(tmp_path)).find(DEFAULT_MODEL).card


def point(confidence: float, accuracy: float, count: int = 100) -> CurvePoint:
    return CurvePoint(confidence=confidence, accuracy=accuracy, count=count)


def test_honest_answers_stand_on_the_diagonal_and_boastful_ones_below() -> None:
    drawn = reliability([point(0.4, 0.4), point(0.55, 0.55), point(0.7, 0.5)])
    assert drawn is not None
    (left, bottom), (right, top) = drawn.first, drawn.last

    def above_the_line(dot: int) -> float:
        """Up is less in a picture."""
        along = (drawn.dots[dot].x - left) / (right - left)
        return (bottom - drawn.dots[dot].y) / (bottom - top) - along

    assert above_the_line(0) == pytest.approx(0)
    assert above_the_line(1) == pytest.approx(0)
    assert above_the_line(2) < -0.1


def test_whiskers_reach_a_standard_error_and_more_answers_are_a_larger_dot() -> None:
    drawn = reliability([point(0.5, 0.5, 100), point(0.5, 0.5, 400)])
    assert drawn is not None
    few, many = drawn.dots
    assert (few.low - few.high) == pytest.approx(2 * (many.low - many.high))
    assert few.radius < many.radius
    assert few.title == "said 50.0%, right 50.0% ± 5.0% of 100"


def test_every_figure_lies_inside_the_axes_and_empty_tenths_are_not_drawn() -> None:
    drawn = reliability([point(0.35, 0.0, 3), point(0.99, 1.0, 5), point(0.65, 0.0, 0)])
    assert drawn is not None
    assert len(drawn.dots) == 2
    for dot in drawn.dots:
        assert drawn.first[0] <= dot.x <= drawn.last[0]
        assert drawn.last[1] <= dot.high <= dot.y <= dot.low <= drawn.first[1]


@pytest.mark.parametrize("always", [0.0, 0.5, 1.0])
def test_a_model_that_is_as_right_as_it_says_each_time_has_axes_too(always: float) -> None:
    drawn = reliability([point(always, always)])
    assert drawn is not None
    assert drawn.first[0] < drawn.last[0]
    assert drawn.first[0] <= drawn.dots[0].x <= drawn.last[0]
    assert int(drawn.along[-1].text.rstrip("%")) <= 100


def test_shares_of_the_confusion_are_of_what_came() -> None:
    rows = confusion([[3, 0, 1], [0, 0, 0], [1, 1, 2]])
    assert [name for name, _ in rows] == ["down", "flat", "up"]
    assert [[cell.share for cell in cells] for _, cells in rows] == [
        [0.75, 0, 0.25],
        [0, 0, 0],
        [0.25, 0.25, 0.5],
    ]


@pytest.mark.parametrize(
    ("mean", "error", "tone"),
    [(0.02, 0.005, "gain"), (0.02, 0.015, "open"), (-0.02, 0.005, "loss"), (0.0, 0.0, "open")],
)
def test_a_gain_counts_beyond_two_standard_errors(mean: float, error: float, tone: str) -> None:
    drawn = judges({"network": {"gain": Measured(mean=mean, error=error)}})
    assert drawn is not None
    (judge,) = drawn.rows
    assert judge.tone == tone
    assert (judge.dot.x > drawn.zero, judge.dot.x < drawn.zero) == (mean > 0, mean < 0)


def test_the_page_holds_the_cards_figures_and_needs_no_other_file(card: Card) -> None:
    page = model_page(card)
    assert card.digest in page
    assert page.count("<circle") == len(card.metrics) + sum(p.count > 0 for p in card.curve)
    for row in card.confusion:
        assert all(f">{count:,}<span>" in page for count in row)
    assert re.findall(r'(?:src|href)="|url\(|https?://', page) == []
    assert page == model_page(card)


def test_a_model_that_nobody_judged_has_a_page_that_says_so(card: Card) -> None:
    unjudged = msgspec.structs.replace(card, metrics={}, curve=(), confusion=())
    page = model_page(unjudged)
    assert page.count("It was not judged.") == 2
    assert "<circle" not in page
