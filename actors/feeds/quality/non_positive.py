"""Prices of zero or less, sizes below zero, and trades of nothing."""

from actors.feeds.columns import PRICES, SIZES
from actors.feeds.quality.policy import Action, QualityPolicy
from actors.feeds.quality.screening import Screening
from events.batches import BatchKind


def check(screening: Screening, policy: QualityPolicy) -> None:
    """Settle each column by itself, so that a refusal names it."""
    for name in PRICES[screening.kind]:
        mask = screening.rows.columns[name] <= 0
        screening.settle(mask, policy.non_positive, "non_positive", name)
    least = 1 if screening.kind is BatchKind.TRADES else 0
    for name in SIZES[screening.kind]:
        mask = screening.rows.columns[name] < least
        screening.settle(mask, Action.DROP, "non_positive", name)
