"""What a benchmark says: one figure, measured several times, beside its target."""

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np

_LESS_IS_BETTER: Final = frozenset({"s", "ms", "MB", "growth"})
"""Units; of all others more is better."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One figure.

    Attributes:
        benchmark: what it belongs to, such as ``backtest``.
        measured: what was measured, in words.
        unit: of the values, such as ``ticks/s``.
        values: one a repetition, in the order in which they were measured.
        target: what is asked for, or ``None``; of_p99: of the 99th percentile, not of the median.
    """

    benchmark: str
    measured: str
    unit: str
    values: tuple[float, ...]
    target: float | None = None
    of_p99: bool = False

    @property
    def p50(self) -> float:
        """The median."""
        return float(np.quantile(self.values, 0.5))

    @property
    def p99(self) -> float:
        """What 99 of 100 repetitions are no worse than."""
        return float(np.quantile(self.values, 0.99 if self.unit in _LESS_IS_BETTER else 0.01))

    @property
    def verdict(self) -> str:
        """Whether the target is met."""
        if self.target is None:
            return ""
        figure = self.p99 if self.of_p99 else self.p50
        met = figure <= self.target if self.unit in _LESS_IS_BETTER else figure >= self.target
        return "met" if met else "missed"


def table(results: Sequence[Result]) -> str:
    """Results for people, one a line."""
    head = (
        f"{'benchmark':<11}{'measured':<54}{'p50':>12}{'p99':>12}  {'unit':<11}{'target':>15}  n\n"
    )
    return head + "\n".join(map(_line, results))


def as_json(results: Sequence[Result]) -> str:
    """Results for programs, with every value."""
    rows = [{**msgspec.structs.asdict(each), "p50": each.p50, "p99": each.p99} for each in results]
    return msgspec.json.encode(rows).decode()


def _line(result: Result) -> str:
    target = "" if result.target is None else f"{_shown(result.target)} {result.verdict}"
    return (
        f"{result.benchmark:<11}{result.measured:<54}{_shown(result.p50):>12}"
        f"{_shown(result.p99):>12}  {result.unit:<11}{target:>15}  {len(result.values)}"
    )


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3f}"
