"""What has been lost already. What only reduces is exempt."""

from actors.risk.verdicts import Case, Verdict, within


def max_drawdown(case: Case) -> Verdict | None:
    """Fall of equity from its peak, as a fraction of it."""
    limit, standing = case.limits.max_drawdown, case.book.standing
    if limit is None:
        return None
    value = None if standing is None else standing.drawdown
    return within("max_drawdown", limit, value, exempt=lambda: case.reduces)


def max_daily_loss(case: Case) -> Verdict | None:
    """Fall of equity since the UTC day began, in the account's currency."""
    limit, standing = case.limits.max_daily_loss, case.book.standing
    if limit is None:
        return None
    value = None if standing is None else standing.daily_loss
    return within("max_daily_loss", limit, value, exempt=lambda: case.reduces)
