"""Pictures a second, and what the rules take for a bar, on one core and SPY's daily bars."""

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np

from actors.patterns.candles import Candles
from actors.patterns.charts.colour import SIZE
from actors.patterns.charts.grey import LAYOUTS, grey_chart, grey_charts
from actors.patterns.charts.several import several_intervals
from actors.patterns.recogniser import Question
from actors.patterns.rules.recogniser import Rules
from benchmarks.markets import ROOT
from benchmarks.result import Result

_DAILY: Final = ROOT / "tests/samples/lean/equity/usa/daily/spy.zip"
_AT_ONCE: Final = 1_000
_TARGET: Final = 5_000


def results(scratch: Path, repetitions: int) -> Iterator[Result]:  # noqa: ARG001  # writes nothing
    """Small grey charts, many and one in a call; colour charts; the rules."""
    candles = _spy()
    for bars in LAYOUTS:
        many = _rates(partial(_many, candles, bars), repetitions)
        alone = _rates(partial(_alone, candles, bars), repetitions)
        yield _result(f"grey charts of {bars} bars, {_AT_ONCE:,} in a call", many, _TARGET)
        yield _result(f"grey charts of {bars} bars, one in a call", alone, None)
    rules = Rules()
    questions = _questions(candles, rules.bars)
    coloured = _rates(partial(_coloured, questions), repetitions)
    yield _result("colour charts of three intervals", coloured, None)
    answered = _rates(partial(_answered, rules, questions), repetitions)
    yield Result(
        benchmark="charts",
        measured="rules, all of them, a bar",
        unit="ms",
        values=tuple(1_000 / rate for rate in answered),
        target=1.0,
    )


def _questions(candles: Candles, bars: int) -> list[Question]:
    return [
        Question(
            request="",
            instrument="SPY.ARCA",
            interval="1d",
            interval_ns=1,
            panel={"SPY.ARCA": candles[end - bars : end]},
        )
        for end in range(bars, bars + _AT_ONCE)
    ]


def _answered(rules: Rules, questions: list[Question]) -> int:
    return sum(len(rules.recognise([question])) for question in questions)


def _coloured(questions: list[Question]) -> int:
    return sum(
        several_intervals(each.interval, each.candles).shape[0] == SIZE for each in questions[:50]
    )


def _spy() -> Candles:
    with zipfile.ZipFile(_DAILY) as held:
        text = held.read(held.namelist()[0]).decode()
    rows = np.loadtxt(io.StringIO(text), delimiter=",", usecols=(1, 2, 3, 4, 5))
    return Candles(
        open=rows[:, 0],
        high=rows[:, 1],
        low=rows[:, 2],
        close=rows[:, 3],
        volume=rows[:, 4],
        ts_close=np.arange(len(rows), dtype=np.int64),
    )


def _many(candles: Candles, bars: int) -> int:
    first = LAYOUTS[bars].history - 1
    return len(grey_charts(candles, bars, np.arange(first, first + _AT_ONCE, dtype=np.intp)))


def _alone(candles: Candles, bars: int) -> int:
    history = LAYOUTS[bars].history
    stretches = [candles[start : start + history] for start in range(100)]
    return sum(grey_chart(stretch, bars).ndim == 2 for stretch in stretches)


def _rates(drawn: Callable[[], int], repetitions: int) -> tuple[float, ...]:
    drawn()
    rates = []
    for _ in range(repetitions):
        began = perf_counter()
        count = drawn()
        rates.append(count / (perf_counter() - began))
    return tuple(rates)


def _result(measured: str, rates: tuple[float, ...], target: float | None) -> Result:
    return Result(
        benchmark="charts", measured=measured, unit="charts/s", values=rates, target=target
    )
