"""The rules against charts that a person looked at and labelled, one by one.

``labels.csv`` holds bars of real markets, and whether one sees the pattern complete there: its
direction, or ``no`` and why not. The negatives are bars that looser numbers would have taken.
"""

import csv
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from actors.patterns.rules.table import PATTERNS
from tests.actors.patterns.markets import MARKETS
from tests.actors.patterns.rules.asked import named

LABELS = Path(__file__).with_name("labels.csv")


def labels() -> list[dict[str, str]]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def said_of(label: dict[str, str]) -> set[str]:
    """The directions in which the rules see the label's pattern at its bar."""
    candles = MARKETS[label["market"]]()
    closed = int(datetime.fromisoformat(label["bar_closed"]).timestamp()) * 10**9
    (bar,) = np.flatnonzero(candles.ts_close == closed)
    found = named(candles, int(bar) + 1)
    return {direction for pattern, direction in found if pattern == label["pattern"]}


@pytest.mark.parametrize("label", labels(), ids=lambda each: "-".join(list(each.values())[:4]))
def test_sees_what_a_person_sees(label: dict[str, str]) -> None:
    expected = set() if label["seen"] == "no" else {label["seen"]}
    assert said_of(label) == expected


def test_every_pattern_is_labelled_on_a_real_chart() -> None:
    assert {label["pattern"] for label in labels() if label["seen"] != "no"} == set(PATTERNS)


def test_every_label_against_a_pattern_says_why() -> None:
    assert all(label["because"] for label in labels() if label["seen"] == "no")
