"""Which refused rows are mistakes of whoever wrote the file, and not oddities of a market.

A policy can settle what markets do: crossed quotes, jumps, trades of nothing, one side without a
quote. A price that is text or below zero is no market's doing, so somebody should look at the file.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from actors.feeds.columns import PRICES
from actors.feeds.rows import Refusal
from events.batches import BatchKind

_MISTAKES: Final = frozenset(
    {
        "not_a_number",
        "not_a_time",
        "time_out_of_range",
        "too_large",
        "too_precise",
        "wrong_columns",
    }
)


def malformed(refusals: Sequence[Refusal], kind: BatchKind) -> Iterator[Refusal]:
    """Those of the refused rows that are mistakes in the file."""
    for refusal in refusals:
        price_below_zero = refusal.reason == "non_positive" and refusal.field in PRICES[kind]
        if price_below_zero or refusal.reason in _MISTAKES:
            yield refusal


def told(refusal: Refusal) -> str:
    """A refused row for people: file, row, field and what is wrong."""
    origin = refusal.origin
    field = f", field {refusal.field}" if refusal.field else ""
    return f"{origin.file}, row {origin.number}{field}: {refusal.reason.replace('_', ' ')}"
