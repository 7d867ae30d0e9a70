"""What a rule is asked, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from actors.portfolio.blotter import with_ticket
from actors.risk.book import RiskBook
from actors.risk.limits import RiskLimits
from actors.risk.reach import Reach, reach
from schemas.order import Check, Side, Ticket
from schemas.quantities import Nanoseconds

UNKNOWN: Final = "unknown"
"""The value of something that a rule needs and nobody told: it is never within a limit."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule's answer: what was checked, and whether the order may pass."""

    check: Check
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Case:
    """An order under judgement, and all that a rule may look at. ``now`` is market time."""

    limits: RiskLimits
    book: RiskBook
    ticket: Ticket
    now: Nanoseconds

    @cached_property
    def before(self) -> Reach:
        """The account's reach in the order's instrument without the order."""
        return reach(self.book.blotter, self.ticket.instrument)

    @cached_property
    def after(self) -> Reach:
        """The account's reach in the order's instrument with the order."""
        return reach(with_ticket(self.book.blotter, self.ticket), self.ticket.instrument)

    @cached_property
    def reduces(self) -> bool:
        """Whether the order only brings the account nearer to flat, whatever else trades."""
        held = self.book.blotter.held_by_all(self.ticket.instrument)
        if held * self.ticket.side.sign >= 0 or self.ticket.terms.is_bracket:
            return False
        return self.after.high <= 0 if self.ticket.side is Side.BUY else self.after.low >= 0

    @property
    def adds_nothing(self) -> bool:
        """Whether the worst case in the instrument is no worse with the order than without."""
        return self.after.most <= self.before.most


type Rule = Callable[[Case], Verdict | None]
"""``None`` means that the rule is off or has nothing to say about such an order."""


def within(
    rule: str,
    limit: Decimal,
    value: Decimal | None,
    *,
    exempt: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Passed when ``value`` is known and at most ``limit``, or the order is exempt.

    Whether it is exempt is asked only where it matters: it takes adding up the working orders.
    """
    check = Check(rule, shown(limit), UNKNOWN if value is None else shown(value))
    return Verdict(check, (value is not None and value <= limit) or exempt())


def shown(number: Decimal) -> str:
    """A number with at most ten decimals, no exponent and no trailing zeros."""
    return f"{number:.10f}".rstrip("0").rstrip(".")
