"""What to do with each fault: configuration."""

from enum import StrEnum
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta


class Action(StrEnum):
    """What becomes of a row at fault.

    A dropped row is refused and recorded; a kept one is taken and counted as suspicious; a repaired
    one is changed, taken, and counted as suspicious.
    """

    KEEP = "keep"
    DROP = "drop"
    REPAIR = "repair"


_IRREPARABLE: Final = ("non_positive", "duplicate", "spike", "stale")
_NEVER_KEPT: Final = ("out_of_order",)


class QualityPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How strict a feed is.

    The defaults keep what a market can really do (jumps, standstill) and drop what it cannot.
    Crossed quotes are dropped: about one tick in ten of the FXCM feed has its ask below its bid,
    and a simulated venue would fill both sides of it at a profit that nobody could have made.

    Attributes:
        non_positive: prices of zero or less; ``keep`` for what may be negative, such as rates or
            calendar spreads. Sizes below zero, and trades of nothing, are always dropped.
        crossed: ask below bid; ``repair`` swaps them.
        inconsistent: a bar's high or low does not enclose its open and close; ``repair`` widens it.
        out_of_order: a row earlier than one before; ``repair`` sorts rows that are at most
            ``reorder_within_ms`` late, and drops later ones.
        duplicate: the row before once more, or a second bar of one time. Trades without ids are
            never duplicates: equal trades in one millisecond are ordinary.
        spike: a mid further than ``spike_mads`` median absolute deviations, and than
            ``spike_fraction``, from the median of the ``spike_window`` rows before.
        stale: ticks that go on while bid and ask stand still for more than ``stale_after_s``.
        gap_after_s: a silence that is recorded; one of bars is longer than their interval, too.
        on_bad_file: whether a file that cannot be read ends the ingest, or is left out.
    """

    non_positive: Action = Action.DROP
    crossed: Action = Action.DROP
    inconsistent: Action = Action.DROP
    out_of_order: Action = Action.DROP
    reorder_within_ms: Annotated[int, Meta(ge=0)] = 1000
    duplicate: Action = Action.DROP
    spike: Action = Action.KEEP
    spike_window: Annotated[int, Meta(ge=2)] = 32
    spike_mads: Annotated[float, Meta(gt=0.0)] = 12.0
    spike_fraction: Annotated[float, Meta(ge=0.0)] = 0.005
    stale: Action = Action.KEEP
    stale_after_s: Annotated[int, Meta(ge=1)] = 600
    gap_after_s: Annotated[int, Meta(ge=1)] = 600
    on_bad_file: Literal["stop", "skip"] = "stop"

    def __post_init__(self) -> None:
        """Refuse what cannot be done about a fault."""
        for faults, impossible in ((_IRREPARABLE, Action.REPAIR), (_NEVER_KEPT, Action.KEEP)):
            for fault in faults:
                if getattr(self, fault) is impossible:
                    raise ValueError(f"{fault} cannot be {impossible.value!r}")
