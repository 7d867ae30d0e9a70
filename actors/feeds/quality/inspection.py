"""All checks in their order, over one block of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from actors.feeds.quality import (
    crossed,
    duplicate,
    inconsistent,
    non_positive,
    order,
    spike,
    stale,
)
from actors.feeds.quality.carried import Carried
from actors.feeds.quality.gap import Calendar, Silence, silences
from actors.feeds.quality.policy import QualityPolicy
from actors.feeds.quality.screening import Screening
from actors.feeds.rows import Int64s, Refusal, Rows
from events.batches import BatchKind
from schemas.quantities import SECOND_NS


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """A block after its inspection.

    Attributes:
        rows: what is accepted, in order of time.
        index: which row each of them was, counted from the first that waited, then through the
            block.
        refusals: what the checks dropped, by the same count.
        carried: what the next block's inspection needs.
    """

    rows: Rows
    index: Int64s
    refusals: Sequence[Refusal]
    silences: Sequence[Silence]
    suspicious: Mapping[str, int]
    carried: Carried


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """The checks of one stream of rows. It keeps no state: what is carried goes in and comes out.

    ``interval_ns`` is that of bars, whose silences are longer than it; 0 for ticks.
    """

    policy: QualityPolicy
    instrument: str
    kind: BatchKind
    calendar: Calendar
    interval_ns: int = 0

    def inspect(self, rows: Rows, carried: Carried, *, last: bool = False) -> Inspected:
        """Check a block; with ``last``, no row waits any longer."""
        policy = self.policy
        allowed_ns = max(policy.gap_after_s * SECOND_NS, self.interval_ns)
        screening = Screening(self.kind, rows, carried.waiting)
        non_positive.check(screening, policy)
        inconsistent.check(screening, policy)
        crossed.check(screening, policy)
        carried = order.check(screening, policy, carried, last=last)
        carried = duplicate.check(screening, policy, carried)
        carried = spike.check(screening, policy, carried, allowed_ns)
        carried = stale.check(screening, policy, carried, allowed_ns)
        ts = screening.rows.ts
        found = silences(self.instrument, ts, carried.last_ts, allowed_ns, self.calendar)
        if len(ts):
            carried = msgspec.structs.replace(carried, last_ts=int(ts[-1]))
        return Inspected(
            rows=screening.rows,
            index=screening.index,
            refusals=screening.refusals,
            silences=found,
            suspicious=screening.suspicious,
            carried=carried,
        )
