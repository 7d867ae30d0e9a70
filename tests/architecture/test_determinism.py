"""Deciders, analytics and events know no clock, chance, environment or thread."""

import ast

import pytest

from tests.architecture.ambient import ambient_uses
from tests.architecture.tree import name_of, parsed, python_files

DETERMINISTIC = (
    "schemas",
    "actors/strategies",
    "actors/risk",
    "actors/portfolio",
    "actors/monitoring",
    "actors/patterns",
    "projections/analytics",
)

# Modules inside those folders that are not deciders, each with its reason. Empty is best.
SEAMS: dict[str, str] = {
    "actors/patterns/models/minicpm.py": "a gateway's: an answer may take so long and no longer",
    "actors/patterns/serving/engine.py": "a gateway's: gathers questions of threads, by the clock",
    "actors/patterns/vision/server.py": "a gateway's: asks a server, and gives up in time",
}


def test_nothing_ambient_reaches_a_decider() -> None:
    uses = [
        f"{name_of(path)}:{use}"
        for path in python_files(*DETERMINISTIC)
        if name_of(path) not in SEAMS
        for use in ambient_uses(parsed(path))
    ]
    assert uses == []


@pytest.mark.parametrize(
    ("code", "uses"),
    [
        ("import time\nnow = time.time_ns()", ["1: time", "2: time", "2: time.time_ns"]),
        (
            "from datetime import datetime, UTC\nnow = datetime.now(UTC)",
            ["2: datetime.datetime.now"],
        ),
        ("import datetime as dt\ntoday = dt.date.today()", ["2: datetime.date.today"]),
        ("from uuid import uuid4", ["1: uuid.uuid4"]),
        ("import threading", ["1: threading"]),
        ("from os import environ", ["1: os.environ"]),
        (
            "import numpy as np\nx = np.random.normal()",
            ["2: numpy.random", "2: numpy.random.normal"],
        ),
        (
            "import numpy as np\nx = np.random.default_rng()",
            ["2: numpy.random", "2: numpy.random.default_rng"],
        ),
        ("key = hash('EURUSD')", ["1: hash"]),
    ],
)
def test_sees_a_use_of_the_ambient(code: str, uses: list[str]) -> None:
    assert ambient_uses(ast.parse(code)) == uses


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime, UTC\nwhen = datetime.fromtimestamp(0, UTC)",
        "import numpy as np\ndef draw(g: np.random.Generator) -> None: ...",
        "import numpy as np\nr = np.random.default_rng(7)",
        "from uuid import uuid5, NAMESPACE_URL\nname = uuid5(NAMESPACE_URL, 'x')",
        "def decide(state, time, random):\n    return time.hour, random.random()",
    ],
)
def test_lets_time_and_chance_be_arguments(code: str) -> None:
    assert ambient_uses(ast.parse(code)) == []
