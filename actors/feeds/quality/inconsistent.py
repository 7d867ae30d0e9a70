"""Bars whose high or low does not enclose their open and close."""

import numpy as np

from actors.feeds.columns import SIDES
from actors.feeds.quality.policy import Action, QualityPolicy
from actors.feeds.quality.screening import Screening


def check(screening: Screening, policy: QualityPolicy) -> None:
    """Settle each side by itself; a repair widens the bar to what it says of itself."""
    for side in SIDES.get(screening.kind, ()):
        columns = screening.rows.columns
        prices = [columns[side + name] for name in ("open", "high", "low", "close")]
        highest, lowest = np.maximum.reduce(prices), np.minimum.reduce(prices)
        mask = (columns[f"{side}high"] < highest) | (columns[f"{side}low"] > lowest)
        if policy.inconsistent is Action.REPAIR and mask.any():
            widened = {f"{side}high": highest, f"{side}low": lowest}
            screening.rows = screening.rows.with_columns(widened)
        screening.settle(mask, policy.inconsistent, "inconsistent", f"{side}high")
