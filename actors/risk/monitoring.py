"""What risk does beyond the single order: it watches losses, obeys operators, and halts."""

from typing import Final

import msgspec

from actors.risk.book import RiskBook
from actors.risk.halting import closings, withdrawals
from actors.risk.limits import RiskLimits
from actors.risk.verdicts import shown
from schemas.operator import DRAIN, PAUSE, RESUME, OperatorCommanded
from schemas.registry import Payload
from schemas.risk import LimitBreached, RiskState, RiskStateChanged

FLATTEN: Final = "risk.flatten"
"""The command that halts and closes every position."""

COMMANDS: Final = {
    "risk.halt": RiskState.HALTED,
    FLATTEN: RiskState.HALTED,
    "risk.reduce_only": RiskState.REDUCE_ONLY,
    "risk.resume": RiskState.NORMAL,
}
"""What an operator may say, and the state that it leads to."""

TIGHTENS: Final = "tightens"
"""Argument of a command that must not lead out of a stricter state; why it is said."""

PAUSES: Final = {PAUSE: True, DRAIN: True, RESUME: False}
"""Commands to the whole cell, and whether what opens is stopped after them."""

_STRICTNESS: Final = (RiskState.NORMAL, RiskState.REDUCE_ONLY, RiskState.HALTED)


class Watch(msgspec.Struct, frozen=True, gc=False):
    """What is looked at when something happens; ``cause`` is the id of the event."""

    limits: RiskLimits
    book: RiskBook
    cause: str

    @property
    def closes(self) -> bool:
        """Whether being halted means to close what is held."""
        return self.limits.flatten_on_halt or self.book.closing


def is_as_strict(state: RiskState, other: RiskState) -> bool:
    """Whether a state lets through no more than another one."""
    return _STRICTNESS.index(state) >= _STRICTNESS.index(other)


def on_valuation(watch: Watch) -> list[Payload]:
    """Report losses beyond their limits, each once, and do what is configured for them."""
    return [*_on_drawdown(watch), *_on_daily_loss(watch)]


def on_command(watch: Watch, told: OperatorCommanded) -> list[Payload]:
    """Obey an operator; commands that are not for risk, or change nothing, have no answer."""
    after = COMMANDS.get(told.command)
    mode = watch.book.mode
    if after is None or (TIGHTENS in told.arguments and not is_as_strict(after, mode)):
        return []
    if after is not mode:
        return _entered(watch, after, f"{told.command} by {told.operator}")
    return _cleared(watch, said=0) if told.command == FLATTEN else []


def on_fill(watch: Watch) -> list[Payload]:
    """While everything is being closed, close also what a late fill has opened."""
    is_halted = watch.book.mode is RiskState.HALTED
    return closings(watch.book.blotter, watch.cause, said=0) if is_halted and watch.closes else []


def _on_drawdown(watch: Watch) -> list[Payload]:
    limit, standing = watch.limits.max_drawdown, watch.book.standing
    if limit is None or standing is None or standing.drawdown <= limit:
        return []
    after = RiskState(watch.limits.on_drawdown)
    if is_as_strict(watch.book.mode, after):
        return []
    breach = LimitBreached(
        scope=standing.account,
        rule="max_drawdown",
        limit=shown(limit),
        value=shown(standing.drawdown),
    )
    reason = f"max_drawdown: {breach.value} is beyond {breach.limit}"
    return [breach, *_entered(watch, after, reason, said=1)]


def _on_daily_loss(watch: Watch) -> list[Payload]:
    limit, standing = watch.limits.max_daily_loss, watch.book.standing
    if limit is None or standing is None or standing.daily_loss <= limit:
        return []
    if standing.loss_told == standing.day:
        return []
    breach = LimitBreached(
        scope=standing.account,
        rule="max_daily_loss",
        limit=shown(limit),
        value=shown(standing.daily_loss),
    )
    return [breach, *withdrawals(watch.book.blotter, "max_daily_loss", protective=False)]


def _entered(watch: Watch, after: RiskState, reason: str, *, said: int = 0) -> list[Payload]:
    changed = RiskStateChanged(before=watch.book.mode, after=after, reason=reason)
    match after:
        case RiskState.NORMAL:
            return [changed]
        case RiskState.REDUCE_ONLY:
            return [changed, *withdrawals(watch.book.blotter, reason, protective=False)]
        case RiskState.HALTED:
            return [changed, *_cleared(watch, said=said + 1)]


def _cleared(watch: Watch, *, said: int) -> list[Payload]:
    """Withdraw and perhaps close everything, after ``said`` answers to the same event."""
    cancels = withdrawals(watch.book.blotter, "halted", protective=watch.closes)
    if not watch.closes:
        return cancels
    return [*cancels, *closings(watch.book.blotter, watch.cause, said=said + len(cancels))]
