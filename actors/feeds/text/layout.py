"""How the lines of a file are to be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from actors.feeds.text.clocks import Clock
from events.batches import BatchKind

TIME: Final = "time"
TRADE_ID: Final = "trade_id"
AGGRESSOR: Final = "aggressor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the columns of a file mean.

    Attributes:
        fields: the file's columns in order: ``time``, names of the kind's layout, or an empty
            string for a column that is not needed.
        later_ns: what to add to a row's time, such as the interval of a bar stamped by its start.
        price_shift: decimal places that the file's prices are shifted by (4: 1674100 means 167.41).
        aggressor: the cell of a buy and of a sell, in lower case.
        header: lines before the first row.
    """

    kind: BatchKind
    fields: tuple[str, ...]
    clock: Clock
    later_ns: int = 0
    price_shift: int = 0
    aggressor: Mapping[str, int] = field(default_factory=dict)
    header: int = 0
    delimiter: str = ","


@dataclass(frozen=True, slots=True)
class Precision:
    """Decimal places of prices and sizes."""

    price: int
    size: int
