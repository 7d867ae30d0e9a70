"""The deepest fall of an equity curve from its highest point before.

Source: Magdon-Ismail and Atiya, "Maximum Drawdown", Risk 17 (2004).
"""

from dataclasses import dataclass

import numpy as np

from projections.analytics.series import Doubles, Numbers, doubles


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxDrawdown:
    """One fall.

    Attributes:
        value: peak less trough, in the curve's unit.
        fraction: value over peak, 0 to 1 for a curve that stays positive.
        peak, trough: indices into the curve.
        recovery: index of the first point that reaches the peak again; ``None`` when none does.
    """

    value: float
    fraction: float
    peak: int
    trough: int
    recovery: int | None

    def duration(self, end: int) -> int:
        """Points from the peak to its recovery, or to ``end`` (the curve's last index)."""
        return (end if self.recovery is None else self.recovery) - self.peak


def max_drawdown(equity: Numbers) -> MaxDrawdown | None:
    """The deepest fall by fraction, the first of equal ones; ``None`` when the curve never falls.

    Raises:
        ValueError: the curve falls from a peak that is not positive, of which no fraction is known.
    """
    curve = doubles(equity)
    falls = drawdown_curve(curve)
    if not falls.any():
        return None
    trough = int(np.argmax(falls))
    peak = int(np.argmax(curve[: trough + 1]))
    back = np.flatnonzero(curve[trough:] >= curve[peak])
    return MaxDrawdown(
        value=float(curve[peak] - curve[trough]),
        fraction=float(falls[trough]),
        peak=peak,
        trough=trough,
        recovery=trough + int(back[0]) if len(back) else None,
    )


def drawdown_curve(equity: Numbers) -> Doubles:
    """At each point, the fall from the highest point so far as a fraction of it; 0 at a new high.

    Raises:
        ValueError: the curve falls from a peak that is not positive.
    """
    curve = doubles(equity)
    if len(curve) == 0:
        return curve
    highest = np.maximum.accumulate(curve)
    if ((highest <= 0) & (curve < highest)).any():
        raise ValueError("a fall from zero or less is no fraction of it")
    return np.where(curve < highest, 1.0 - curve / np.where(highest > 0, highest, 1.0), 0.0)
