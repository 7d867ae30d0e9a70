"""What the account is worth."""

from decimal import Decimal

from schemas.registry import Payload, event


@event("portfolio.valued")
class PortfolioValued(Payload, frozen=True, kw_only=True):
    """The account at a moment, all amounts in ``currency`` and exact to its minor unit.

    Attributes:
        balance: cash with realised profit and commissions; equity: balance plus unrealised.
        exposure: sum of the absolute notionals.
        peak: highest equity so far; drawdown: fall from it as a fraction, 0 to 1.
    """

    account: str
    currency: str
    balance: Decimal
    unrealised: Decimal
    equity: Decimal
    exposure: Decimal
    peak: Decimal
    drawdown: float
