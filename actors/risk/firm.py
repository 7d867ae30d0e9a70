"""The firm's risk: what several cells may lose and hold together, and what they are told then."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from actors.risk.book import Standing, resumed, valued
from actors.risk.limits import require_limits
from actors.risk.monitoring import COMMANDS, FLATTEN, TIGHTENS, is_as_strict
from actors.risk.verdicts import shown
from schemas.envelope import AnyEvent
from schemas.operator import OperatorCommanded
from schemas.portfolio import PortfolioValued
from schemas.registry import Payload
from schemas.risk import LimitBreached, RiskState, RiskStateChanged

AUTHOR: Final = "risk.firm"

CELL: Final = "cell"
"""Argument of what the firm says: which cell is to be told."""

_COMMAND: Final = {"reduce_only": "risk.reduce_only", "halted": "risk.halt", "flatten": FLATTEN}


class FirmLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits on cells together. Each is off when it is ``None``; a value may reach it, not pass it.

    Attributes:
        max_drawdown: fall of the equity of all from its peak, as a fraction of it.
        max_daily_loss: fall since the UTC day began, in their currency.
        max_gross_notional: absolute notionals of all that they hold, in their currency.
        max_leverage: that sum over their equity.
        on_breach: what every cell is told: to open nothing, to stop trading, or also to close all.
    """

    max_drawdown: Decimal | None = None
    max_daily_loss: Decimal | None = None
    max_gross_notional: Decimal | None = None
    max_leverage: Decimal | None = None
    on_breach: Literal["reduce_only", "halted", "flatten"] = "halted"

    def __post_init__(self) -> None:
        """Refuse what no limit can be."""
        require_limits(
            self,
            amounts=("max_daily_loss", "max_gross_notional", "max_leverage"),
            fractions=("max_drawdown",),
        )


class FirmBook(msgspec.Struct, frozen=True, gc=False):
    """What the firm knows.

    Attributes:
        cells: the last valuation of each that said one.
        standing: of all together; ``None`` until each has been valued.
    """

    mode: RiskState = RiskState.NORMAL
    cells: Mapping[str, PortfolioValued] = {}
    standing: Standing | None = None

    @property
    def exposure(self) -> Decimal:
        """Absolute notionals of all."""
        return sum((each.exposure for each in self.cells.values()), Decimal(0))


class FirmRisk:
    """Adds up what cells are worth, and tells all of them when that is beyond a limit.

    A breach is told once, until an operator resumes. What an operator says to the firm about risk
    is passed on to every cell.

    Args:
        name: of the firm; cells: of its cells, which value their accounts in one currency.
    """

    author: Final = AUTHOR
    consumes: Final[frozenset[type[Payload]]] = frozenset(
        (PortfolioValued, OperatorCommanded, RiskStateChanged)
    )
    answers: Final[frozenset[type[Payload]]] = frozenset((PortfolioValued, OperatorCommanded))

    def __init__(self, name: str, cells: Iterable[str], limits: FirmLimits) -> None:
        self._name: Final = name
        self._cells: Final = tuple(cells)
        self._limits: Final = limits

    def initial(self) -> FirmBook:
        """No cell has said anything yet."""
        return FirmBook()

    def evolve(self, state: FirmBook, event: AnyEvent) -> FirmBook:
        """Take in what a cell is worth, or an own decision."""
        match event.payload:
            case PortfolioValued() as now:
                return self._with_value(state, event, now)
            case RiskStateChanged(after=RiskState.NORMAL):
                return replace(state, mode=RiskState.NORMAL, standing=resumed(state.standing))
            case RiskStateChanged(after=mode):
                return replace(state, mode=mode)
            case _:
                return state

    def decide(self, state: FirmBook, event: AnyEvent) -> Iterable[Payload]:
        """Answer what is beyond a limit, or an operator."""
        match event.payload:
            case PortfolioValued():
                return self._on_value(state)
            case OperatorCommanded() as told:
                return self._on_command(state, told)
            case _:
                return ()

    def _with_value(self, state: FirmBook, event: AnyEvent, now: PortfolioValued) -> FirmBook:
        cells = {**state.cells, cell_of(event.author): now}
        if len(cells) < len(self._cells):
            return replace(state, cells=cells)
        equity = sum((each.equity for each in cells.values()), Decimal(0))
        total = replace(now, account=self._name, equity=equity)
        return replace(state, cells=cells, standing=valued(state.standing, total, event.ts))

    def _on_value(self, state: FirmBook) -> Iterable[Payload]:
        command = _COMMAND[self._limits.on_breach]
        if is_as_strict(state.mode, COMMANDS[command]):
            return ()
        for rule, limit, value in self._measured(state):
            if limit is not None and value > limit:
                breach = LimitBreached(
                    scope=self._name, rule=rule, limit=shown(limit), value=shown(value)
                )
                reason = f"{rule}: {breach.value} is beyond {breach.limit}"
                return (breach, *self._told(state, command, self._name, reason, **{TIGHTENS: rule}))
        return ()

    def _measured(self, state: FirmBook) -> Iterator[tuple[str, Decimal | None, Decimal]]:
        """Rules with their limits and values; nothing while a cell is unknown."""
        limits, standing = self._limits, state.standing
        if standing is None:
            return
        yield "max_drawdown", limits.max_drawdown, standing.drawdown
        yield "max_daily_loss", limits.max_daily_loss, standing.daily_loss
        yield "max_gross_notional", limits.max_gross_notional, state.exposure
        if standing.equity > 0:
            yield "max_leverage", limits.max_leverage, state.exposure / standing.equity
        elif state.exposure > 0:
            yield "max_leverage", limits.max_leverage, Decimal("Infinity")

    def _on_command(self, state: FirmBook, told: OperatorCommanded) -> Iterable[Payload]:
        if told.command not in COMMANDS:
            return ()
        reason = f"{told.command} by {told.operator}"
        return self._told(state, told.command, told.operator, reason)

    def _told(
        self, state: FirmBook, command: str, operator: str, reason: str, **more: str
    ) -> tuple[Payload, ...]:
        """The change of state if it is one, and a command to every cell."""
        after = COMMANDS[command]
        changed = RiskStateChanged(before=state.mode, after=after, reason=reason)
        commands = (
            OperatorCommanded(
                command=command,
                arguments={CELL: cell, "firm": self._name, "reason": reason, **more},
                operator=operator,
            )
            for cell in self._cells
        )
        return (*((changed,) if after is not state.mode else ()), *commands)


def author_of(cell: str) -> str:
    """Who signs what a cell is worth, in the firm's journal."""
    return f"cell.{cell}"


def cell_of(author: str) -> str:
    """The cell behind ``author_of``."""
    return author.removeprefix("cell.")
