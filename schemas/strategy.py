"""The life of a strategy, from proposal to retirement."""

from schemas.registry import Payload, event

type ParameterValue = int | float | str | bool


@event("strategy.proposed")
class StrategyProposed(Payload, frozen=True, kw_only=True):
    """A candidate strategy with its parameters."""

    strategy: str
    parameters: dict[str, ParameterValue]
    origin: str


@event("strategy.evaluated")
class StrategyEvaluated(Payload, frozen=True, kw_only=True):
    """What a candidate scored, over how many trials."""

    strategy: str
    run: str
    metrics: dict[str, float]
    trials: int


@event("strategy.promoted")
class StrategyPromoted(Payload, frozen=True, kw_only=True):
    """A strategy may now trade in ``stage``."""

    strategy: str
    stage: str
    reason: str


@event("strategy.retired")
class StrategyRetired(Payload, frozen=True, kw_only=True):
    """A strategy may trade no more."""

    strategy: str
    reason: str
