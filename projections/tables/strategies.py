"""The lives of strategies, from proposal to retirement."""

from typing import Final

from projections.tables.column import numbers, term, text, texts, whole
from projections.tables.event_table import Values, event_table
from schemas.strategy import (
    StrategyEvaluated,
    StrategyPromoted,
    StrategyProposed,
    StrategyRetired,
)

type _Life = StrategyProposed | StrategyEvaluated | StrategyPromoted | StrategyRetired


def _values(life: _Life) -> Values:
    match life:
        case StrategyProposed():
            parameters = {name: str(value) for name, value in life.parameters.items()}
            return life.strategy, parameters, life.origin, {}, 0, "", ""
        case StrategyEvaluated():
            return life.strategy, {}, "", life.metrics, life.trials, "", ""
        case StrategyPromoted():
            return life.strategy, {}, "", {}, 0, life.stage, life.reason
        case StrategyRetired():
            return life.strategy, {}, "", {}, 0, "", life.reason


STRATEGIES: Final = event_table(
    "strategies",
    (StrategyProposed, StrategyEvaluated, StrategyPromoted, StrategyRetired),
    (
        term("strategy"),
        texts("parameters"),
        term("origin"),
        numbers("metrics"),
        whole("trials"),
        term("stage"),
        text("reason"),
    ),
    _values,
)
"""``trials`` counts how many candidates were tried to find this one."""
