"""The port of a simulated venue: it eats market windows and orders, and calls back when something
happens.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from actors.kit.inputs import Input
from events.batches import MarketRecord
from schemas.envelope import Event
from schemas.market import PriceType
from schemas.order import OrderApproved, OrderCancelRequested
from schemas.quantities import Nanoseconds

type Listener = Callable[[Input], None]
"""Called at the exact market time at which something happened; it may submit and cancel from
there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of market time, whole: every record's rows have ``ts_event`` before ``ts_end``,
    and no row
    of a later window has an earlier or equal time than one in here. At least one record.
    """

    records: tuple[MarketRecord, ...]
    ts_end: Nanoseconds


@dataclass(frozen=True, slots=True, order=True)
class BarStream:
    """Bars that somebody wants, of ``interval`` (``1s``, ``5m``, ``4h``, ``1d``) over one price
    type.
    """

    instrument: str
    interval: str
    price_type: PriceType


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """What the deciders of a cell want to be called for, and who of them holds positions.

    Attributes:
        traders: strategies that hold positions of their own: a reduce-only order of one is about
            what that one holds. Orders of whoever is not named are one more trader's.
    """

    bars: tuple[BarStream, ...] = ()
    quotes: frozenset[str] = field(default_factory=frozenset)
    trades: frozenset[str] = field(default_factory=frozenset)
    traders: tuple[str, ...] = ()


class SimulatedVenue(Protocol):
    """Deterministic: the same windows and calls give the same inputs, however the windows are cut.

    Everything happens on the caller's thread. An exception raised by the listener stops the venue
    and is
    raised again from ``advance`` or ``finish``.
    """

    def start(self, subscriptions: Subscriptions, listener: Listener) -> None:
        """Get ready; call once, before the first window."""
        ...

    def advance(self, window: Window) -> None:
        """Let the market move through a window."""
        ...

    def submit(self, approved: Event[OrderApproved]) -> None:
        """Take an order. Its answers have the approval's id as their cause, and its correlation."""
        ...

    def cancel(self, request: Event[OrderCancelRequested]) -> None:
        """Withdraw an order; one that is closed already is left alone."""
        ...

    def set_timer(self, owner: str, name: str, at: Nanoseconds) -> None:
        """Report ``timer.fired`` when market time reaches ``at``; setting a name again moves it."""
        ...

    def finish(self) -> None:
        """Market time is over: close bars that are due, and report what that causes."""
        ...

    def balances(self) -> Sequence[tuple[str, str, str]]:
        """(venue, currency, exact total) of every account, for reconciliation."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...
