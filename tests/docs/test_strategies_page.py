"""Every example of docs/strategies.md loads as a user's file would, and decides something."""

import os
import re
import subprocess
import sys
from decimal import Decimal
from itertools import batched
from pathlib import Path

import pytest

from actors.kit.testing import at, closed
from actors.strategies.catalogue import BUILT_IN, load
from actors.strategies.template import Strategy
from schemas.envelope import AnyEvent
from schemas.market import Bar, Quote
from schemas.registry import Payload
from schemas.timer import TimerFired, TimerSet
from tests.actors.strategies.real_bars import EURUSD, SPY, eurusd, spy

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "strategies.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", PAGE, re.DOTALL))
STRATEGIES = [name for name in FILES if not name.startswith("test_")]
TESTS = [name for name in FILES if name.startswith("test_")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def hours(bars: tuple[Bar, ...]) -> list[Bar]:
    return [
        Bar(
            instrument=part[0].instrument,
            interval="1h",
            price_type=part[0].price_type,
            open=part[0].open,
            high=max(bar.high for bar in part),
            low=min(bar.low for bar in part),
            close=part[-1].close,
            volume=sum((bar.volume for bar in part), Decimal(0)),
            ts_open=part[0].ts_open,
            ts_close=part[-1].ts_close,
        )
        for part in batched(bars, 60)
    ]


def quotes(bars: tuple[Bar, ...]) -> list[AnyEvent]:
    """A quote at each close, half a pip to either side of it."""
    half, size = Decimal("0.00005"), Decimal(1_000_000)
    return [
        at(
            bar.ts_close,
            Quote(
                instrument=bar.instrument,
                bid=bar.close - half,
                ask=bar.close + half,
                bid_size=size,
                ask_size=size,
            ),
        )
        for bar in bars
    ]


def market(strategy: Strategy) -> list[AnyEvent]:
    """What the strategy would hear of real minutes of its instruments, in the order of time."""
    minutes = [*eurusd(), *spy()]
    ticks = quotes(eurusd()) if Quote in strategy.consumes else []
    heard = [*map(closed, [*minutes, *hours(eurusd())]), *ticks]
    return sorted(heard, key=lambda event: event.ts)


def decisions(strategy: Strategy) -> list[Payload]:
    answers: list[Payload] = []
    due: list[TimerSet] = []
    for event in market(strategy):
        for timer in [timer for timer in due if timer.at <= event.ts]:
            due.remove(timer)
            fired = TimerFired(name=timer.name, at=timer.at, owner=strategy.author)
            answers += strategy.handle(at(timer.at, fired))
        said = strategy.handle(event) if type(event.payload) in strategy.consumes else ()
        due += [answer for answer in said if isinstance(answer, TimerSet)]
        answers += said
    return [answer for answer in answers if not isinstance(answer, TimerSet)]


@pytest.mark.parametrize("name", STRATEGIES)
def test_an_example_loads_and_decides_something_on_real_data(name: str, folder: Path) -> None:
    (found,) = re.findall(r"^class (\w+)\((?:Strategy|BuyAndHold)\)", FILES[name], re.MULTILINE)
    instruments = [EURUSD, SPY] if name == "pair.py" else [EURUSD]
    strategy = load(f"{folder / name}:{found}")(instruments)
    said = decisions(strategy)
    assert said
    assert {answer.KIND for answer in said} == {"signal.raised"}


@pytest.mark.parametrize("name", TESTS)
def test_an_example_of_a_test_passes_as_printed(name: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", ".", name],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_the_page_has_examples_of_both_kinds() -> None:
    assert len(STRATEGIES) >= 7
    assert TESTS
    assert PAGE.count("```python") == len(FILES)


def test_examples_import_only_what_the_page_says_a_file_may_import() -> None:
    modules = re.findall(r"^(?:from|import) ([\w.]+)", "\n".join(FILES.values()), re.MULTILINE)
    allowed = re.compile(
        r"(actors\.strategies\.\w+|actors\.kit\.testing|schemas\.\w+|nautilus_trader\.indicators"
        r"|decimal|collections\.abc|stops)$"
    )
    assert [module for module in modules if not allowed.match(module)] == []


def test_the_page_names_every_built_in_strategy() -> None:
    assert [name for name in BUILT_IN if f"| `{name}` |" not in PAGE] == []
