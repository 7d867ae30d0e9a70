"""What the account is worth, said after fills and as bars close."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from actors.portfolio.accounts import AccountConfig, Ledger, with_fill
from actors.portfolio.prices import MARKET, Marks, marked
from actors.portfolio.trades import Booked, is_booked, with_trade
from actors.portfolio.worth import NoConversion, Terms, Worth, terms_of, worth
from schemas.alert import AlertRaised
from schemas.envelope import AnyEvent
from schemas.market import Instrument
from schemas.order import OrderFilled
from schemas.portfolio import PortfolioValued
from schemas.quantities import Nanoseconds
from schemas.registry import Payload

AUTHOR: Final = "portfolio.valuation"

_MILLISECOND_NS: Final = 1_000_000


class ValuationState(msgspec.Struct, frozen=True, gc=False):
    """The account, the last prices, and what was last said.

    Attributes:
        terms: how a holding of each instrument counts.
        valued: the last valuation; ts_valued: its market time.
        alerted: titles of the alerts raised so far: each is raised once.
    """

    ledger: Ledger
    instruments: Mapping[str, Instrument] = {}
    terms: Mapping[str, Terms] = {}
    marks: Marks = {}
    booked: Booked = {}
    valued: PortfolioValued | None = None
    ts_valued: Nanoseconds = 0
    alerted: tuple[str, ...] = ()


class Valuation:
    """Says ``portfolio.valued`` after every fill, and at prices no more often than configured.

    While an amount cannot be converted into the account's currency nothing is said but one alert
    for each such currency: a value that leaves something out would be wrong without looking so.
    """

    author: Final = AUTHOR
    consumes: Final[frozenset[type[Payload]]] = MARKET | {
        *(Instrument, OrderFilled, PortfolioValued, AlertRaised)
    }
    answers: Final[frozenset[type[Payload]]] = MARKET | {OrderFilled}

    def __init__(self, config: AccountConfig) -> None:
        self._config: Final = config
        self._spacing: Final = config.valuation_every_ms * _MILLISECOND_NS

    def initial(self) -> ValuationState:
        """The account before any trade."""
        return ValuationState(Ledger(self._config.starting_balances))

    def evolve(self, state: ValuationState, event: AnyEvent) -> ValuationState:
        """Take in a price, a fill, or what was said."""
        if type(event.payload) in MARKET:
            return replace(state, marks=marked(state.marks, event))
        match event.payload:
            case PortfolioValued() as valued if event.author == AUTHOR:
                return replace(state, valued=valued, ts_valued=event.ts)
            case OrderFilled() as fill if not is_booked(state.booked, fill):
                return self._with_fill(state, fill, event)
            case AlertRaised(title=title) if event.author == AUTHOR:
                return replace(state, alerted=(*state.alerted, title))
            case Instrument() as told:
                return replace(
                    state,
                    instruments={**state.instruments, told.id: told},
                    terms={**state.terms, told.id: terms_of(self._config, told)},
                )
            case _:
                return state

    def decide(self, state: ValuationState, event: AnyEvent) -> Iterable[Payload]:
        """Say what the account is worth, or why that cannot be said."""
        if type(event.payload) in MARKET and not self._is_due(state, event.ts):
            return ()
        return self._said(state)

    def _with_fill(
        self, state: ValuationState, fill: OrderFilled, event: AnyEvent
    ) -> ValuationState:
        instrument = state.instruments[fill.instrument]
        kind = self._config.kind_at(instrument.venue)
        return replace(
            state,
            ledger=with_fill(state.ledger, fill, instrument, kind),
            marks=marked(state.marks, event),
            booked=with_trade(state.booked, fill),
        )

    def _is_due(self, state: ValuationState, ts: Nanoseconds) -> bool:
        return state.valued is None or ts >= state.ts_valued + self._spacing

    def _said(self, state: ValuationState) -> tuple[Payload, ...]:
        try:
            now = worth(
                self._config.currency, state.ledger, state.terms, state.instruments, state.marks
            )
        except NoConversion as missing:
            return _alert(state, missing)
        return (_valued(self._config, now, state.valued),)


def _valued(config: AccountConfig, now: Worth, before: PortfolioValued | None) -> PortfolioValued:
    equity = now.equity
    peak = equity if before is None else max(before.peak, equity)
    return PortfolioValued(
        account=config.name,
        currency=config.currency,
        balance=now.balance,
        unrealised=now.unrealised,
        equity=equity,
        exposure=now.exposure,
        peak=peak,
        drawdown=min(float((peak - equity) / peak), 1.0) if peak > 0 else 0.0,
    )


def _alert(state: ValuationState, missing: NoConversion) -> tuple[AlertRaised, ...]:
    title = f"No price converts {missing.source} to {missing.target}"
    if title in state.alerted:
        return ()
    text = (
        f"The account cannot be valued: it holds {missing.source}, and no instrument seen so far "
        f"leads to {missing.target}. Add one, such as a {missing.source}/{missing.target} pair."
    )
    return (AlertRaised(severity="critical", title=title, text=text),)
