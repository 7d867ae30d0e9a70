"""A trading desk in miniature: risk with an account, a market and a live cell."""

from decimal import Decimal

from actors.risk.book import RiskBook
from actors.risk.limits import RiskLimits
from actors.risk.pre_trade import PreTradeRisk
from schemas.cell import CellLive
from schemas.market import Instrument
from schemas.order import OrderApproved, OrderVetoed, Ticket
from schemas.portfolio import PortfolioValued
from schemas.registry import Payload
from tests.support.rules import Scenario
from tests.support.trading import ES, EURUSD, USDJPY, bar, fill, requested, ticket

OFF = {"max_leverage": None, "max_orders": None, "price_collar": None, "max_drawdown": None}
LIVE = CellLive(recovered_steps=0)


def limits(**some: object) -> RiskLimits:
    """Only these limits."""
    return RiskLimits(**(OFF | some))  # type: ignore[arg-type]


def worth(equity: int | str | Decimal) -> PortfolioValued:
    """The account at an equity in dollars."""
    amount = Decimal(equity)
    return PortfolioValued(
        account="main",
        currency="USD",
        balance=amount,
        unrealised=Decimal(0),
        equity=amount,
        exposure=Decimal(0),
        peak=amount,
        drawdown=0.0,
    )


def desk(**some: object) -> Scenario[RiskBook]:
    """EUR/USD at 1.1, USD/JPY at 100, the ES future at 1680, and 100,000 dollars."""
    return Scenario(PreTradeRisk(limits(**some))).given(
        *(EURUSD, USDJPY, ES, LIVE, bar(EURUSD, "1.1"), bar(USDJPY, "100"), bar(ES, "1680")),
        worth(100_000),
    )


def hold(
    told: Scenario[RiskBook], instrument: Instrument, signed: int, strategy: str = "ema"
) -> None:
    """A position that is there."""
    name = f"held/{instrument.id}/{strategy}"
    of = ticket(instrument, signed, name=name, strategy=strategy)
    told.given(fill(of, "1.1", trade_id=name))


def ask(told: Scenario[RiskBook], of: Ticket) -> OrderApproved | OrderVetoed:
    """Risk's answer to an order."""
    (answer,) = told.when(requested(of), author="sizing")
    assert isinstance(answer, OrderApproved | OrderVetoed)
    assert answer.ticket == of
    return answer


def passes(told: Scenario[RiskBook], of: Ticket) -> bool:
    """Whether risk approves an order."""
    return isinstance(ask(told, of), OrderApproved)


def of_kind[P: Payload](said: list[Payload], kind: type[P]) -> list[P]:
    """The answers of one kind."""
    return [answer for answer in said if isinstance(answer, kind)]
