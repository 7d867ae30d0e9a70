"""Rows put through the checks."""

from actors.feeds.calendars.weekly import AlwaysOpen
from actors.feeds.quality.carried import Carried
from actors.feeds.quality.inspection import Inspected, Inspection
from actors.feeds.quality.policy import QualityPolicy
from actors.feeds.rows import Rows
from events.batches import BatchKind

START = 1_400_000_000_000_000_000


def inspection(
    policy: QualityPolicy | None = None, kind: BatchKind = BatchKind.QUOTES, interval_ns: int = 0
) -> Inspection:
    return Inspection(
        policy=policy or QualityPolicy(),
        instrument="EUR/USD.FXCM",
        kind=kind,
        calendar=AlwaysOpen(),
        interval_ns=interval_ns,
    )


def inspected(
    rows: Rows,
    policy: QualityPolicy | None = None,
    kind: BatchKind = BatchKind.QUOTES,
    interval_ns: int = 0,
) -> Inspected:
    return inspection(policy, kind, interval_ns).inspect(rows, Carried(), last=True)


def refused(found: Inspected) -> list[tuple[int, str, str]]:
    return [(r.origin.number, r.field, r.reason) for r in found.refusals]
