"""Statistics of round trips by their profits, in one currency."""

import numpy as np

from projections.analytics.series import Numbers, doubles


def profit_factor(profits: Numbers) -> float | None:
    """Sum of the gains over sum of the losses; ``None`` when nothing was lost."""
    values = doubles(profits)
    lost = -float(values[values < 0].sum())
    return float(values[values > 0].sum()) / lost if lost else None


def win_rate(profits: Numbers) -> float | None:
    """Share of the round trips that gained; breaking even is no gain. ``None`` without any."""
    values = doubles(profits)
    return float(np.mean(values > 0)) if len(values) else None


def expectancy(profits: Numbers) -> float | None:
    """Mean profit of a round trip; ``None`` without any."""
    values = doubles(profits)
    return float(np.mean(values)) if len(values) else None


def payoff_ratio(profits: Numbers) -> float | None:
    """Mean gain over mean loss; ``None`` when nothing was gained or nothing lost."""
    values = doubles(profits)
    gains, losses = values[values > 0], values[values < 0]
    if not len(gains) or not len(losses):
        return None
    return float(np.mean(gains) / -np.mean(losses))
