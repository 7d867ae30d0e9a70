"""What risk knows: the account, its orders and positions, prices, and what it lets through."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import msgspec
from msgspec.structs import replace

from actors.portfolio.blotter import Blotter
from actors.portfolio.prices import Marks
from schemas.market import Instrument
from schemas.portfolio import PortfolioValued
from schemas.quantities import SECOND_NS, Nanoseconds
from schemas.risk import LimitBreached, RiskState

AUTHOR: Final = "risk.pre_trade"

DAY_NS: Final = 86_400 * SECOND_NS


class Standing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The account's value, and what losses are measured from.

    Attributes:
        peak: highest equity since the start, or since an operator resumed trading.
        day: UTC day, counted from 1970-01-01; opening: the last equity known before it.
        loss_told: the day whose loss was reported as a breach.
    """

    account: str
    currency: str
    equity: Decimal
    peak: Decimal
    day: int
    opening: Decimal
    loss_told: int = -1

    @property
    def drawdown(self) -> Decimal:
        """Fall from the peak as a fraction of it; the whole, when nothing is left to fall from."""
        return (self.peak - self.equity) / self.peak if self.peak > 0 else Decimal(1)

    @property
    def daily_loss(self) -> Decimal:
        """Fall since the day began; 0 when it is a gain."""
        return max(self.opening - self.equity, Decimal(0))


class RiskBook(msgspec.Struct, frozen=True, gc=False):
    """The state of pre-trade risk.

    Attributes:
        mode: what is let through.
        live: whether recovery is over.
        closing: whether an operator asked to close everything.
        paused: whether an operator wants nothing to be opened.
        approvals: market times of the approvals that may still count against the order rate.
    """

    mode: RiskState = RiskState.NORMAL
    live: bool = False
    closing: bool = False
    paused: bool = False
    instruments: Mapping[str, Instrument] = {}
    marks: Marks = {}
    blotter: Blotter = Blotter()
    standing: Standing | None = None
    approvals: tuple[Nanoseconds, ...] = ()


def valued(before: Standing | None, now: PortfolioValued, ts: Nanoseconds) -> Standing:
    """The standing after a valuation."""
    day = ts // DAY_NS
    if before is None:
        return Standing(
            account=now.account,
            currency=now.currency,
            equity=now.equity,
            peak=now.equity,
            day=day,
            opening=now.equity,
        )
    return replace(
        before,
        equity=now.equity,
        peak=max(before.peak, now.equity),
        day=day,
        opening=before.opening if day == before.day else before.equity,
    )


def resumed(before: Standing | None) -> Standing | None:
    """The standing after an operator's resumption: losses are measured from here on."""
    if before is None:
        return None
    return replace(before, peak=before.equity, opening=before.equity, loss_told=-1)


def with_breach(book: RiskBook, breach: LimitBreached) -> RiskBook:
    """The book after a breach was reported; a day's loss is reported once."""
    standing = book.standing
    if standing is None or breach.rule != "max_daily_loss":
        return book
    return replace(book, standing=replace(standing, loss_told=standing.day))
