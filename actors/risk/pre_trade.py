"""The decider between a wish and the market: every order passes here, or is stopped here."""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from actors.portfolio import blotter as blotters
from actors.portfolio.blotter import with_ticket
from actors.portfolio.prices import MARKET, marked
from actors.risk import monitoring
from actors.risk.book import AUTHOR, RiskBook, resumed, valued, with_breach
from actors.risk.limits import RiskLimits
from actors.risk.monitoring import Watch
from actors.risk.rules.pace import recent_approvals
from actors.risk.rules.sequence import RULES
from actors.risk.verdicts import Case
from schemas.cell import CellLive, CellStarted
from schemas.envelope import AnyEvent
from schemas.market import Instrument
from schemas.operator import OperatorCommanded
from schemas.order import Check, OrderApproved, OrderFilled, OrderRequested, OrderVetoed, Ticket
from schemas.portfolio import PortfolioValued
from schemas.quantities import Nanoseconds
from schemas.registry import Payload
from schemas.risk import LimitBreached, RiskState, RiskStateChanged


class PreTradeRisk:
    """Answers ``order.requested`` with an approval or a veto, and watches the account's losses.

    An approved order counts as if it had traded until the venue's last word about it.
    """

    author: Final = AUTHOR
    consumes: Final[frozenset[type[Payload]]] = MARKET | {
        *(CellStarted, CellLive, Instrument, PortfolioValued, OperatorCommanded),
        *(OrderRequested, OrderApproved, RiskStateChanged, LimitBreached),
        *blotters.CONSUMES,
    }
    answers: Final[frozenset[type[Payload]]] = frozenset(
        (PortfolioValued, OperatorCommanded, OrderRequested, OrderFilled)
    )

    def __init__(self, limits: RiskLimits) -> None:
        self._limits: Final = limits

    def initial(self) -> RiskBook:
        """Nothing is known, and nothing may be opened before ``cell.live``."""
        return RiskBook()

    def evolve(self, state: RiskBook, event: AnyEvent) -> RiskBook:
        """Take in a price, an order's fate, a valuation, or an own decision."""
        if type(event.payload) in MARKET:
            return replace(state, marks=marked(state.marks, event))
        match event.payload:
            case PortfolioValued() as now:
                return replace(state, standing=valued(state.standing, now, event.ts))
            case OrderApproved(ticket=ticket):
                return self._with_approval(state, ticket, event.ts)
            case RiskStateChanged(after=RiskState.NORMAL):
                standing = resumed(state.standing)
                return replace(state, mode=RiskState.NORMAL, closing=False, standing=standing)
            case RiskStateChanged(after=mode):
                return replace(state, mode=mode)
            case LimitBreached() as breach:
                return with_breach(state, breach)
            case OperatorCommanded(command=command):
                closing = state.closing or command == monitoring.FLATTEN
                paused = monitoring.PAUSES.get(command, state.paused)
                return replace(state, closing=closing, paused=paused)
            case Instrument() as told:
                return replace(state, instruments={**state.instruments, told.id: told})
            case CellStarted():
                return replace(state, live=False)
            case CellLive():
                return replace(state, live=True)
            case answer:
                blotter = blotters.answered(state.blotter, answer)
                return replace(state, blotter=blotter, marks=marked(state.marks, event))

    def decide(self, state: RiskBook, event: AnyEvent) -> Iterable[Payload]:
        """Judge an order, or answer a loss or an operator."""
        match event.payload:
            case PortfolioValued():
                return monitoring.on_valuation(Watch(self._limits, state, event.id))
            case OrderRequested(ticket=ticket) if event.author != AUTHOR:
                return (self._judged(state, ticket, event.ts),)
            case OperatorCommanded() as told:
                return monitoring.on_command(Watch(self._limits, state, event.id), told)
            case OrderFilled():
                return monitoring.on_fill(Watch(self._limits, state, event.id))
            case _:
                return ()

    def _judged(self, book: RiskBook, ticket: Ticket, now: Nanoseconds) -> Payload:
        case = Case(limits=self._limits, book=book, ticket=ticket, now=now)
        passed: list[Check] = []
        for rule in RULES:
            verdict = rule(case)
            if verdict is None:
                continue
            if not verdict.passed:
                return OrderVetoed(ticket=ticket, failed=verdict.check, checks=tuple(passed))
            passed.append(verdict.check)
        return OrderApproved(ticket=ticket, checks=tuple(passed))

    def _with_approval(self, state: RiskBook, ticket: Ticket, ts: Nanoseconds) -> RiskBook:
        approvals = state.approvals
        if self._limits.max_orders is not None:
            window_ms = self._limits.order_window_ms
            approvals = (*recent_approvals(approvals, ts, window_ms), ts)
        return replace(state, blotter=with_ticket(state.blotter, ticket), approvals=approvals)
