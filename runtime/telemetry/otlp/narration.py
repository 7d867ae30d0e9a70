"""What a cell does, as log lines: its life at INFO, and what needs an eye at WARNING."""

import logging
from typing import Final

from runtime.telemetry.otlp.logs import ABOUT
from schemas.alert import AlertRaised
from schemas.cell import CellLive, CellStarted, CellStopped
from schemas.envelope import AnyEvent, Step
from schemas.reconciliation import ReconciliationDifference
from schemas.risk import LimitBreached, RiskStateChanged

_logger: Final = logging.getLogger("wakeline.cell")
_logger.setLevel(logging.INFO)


def narrate(step: Step) -> None:
    """Log what is worth a line in a step; mostly nothing."""
    for event in step.events:
        match event.payload:
            case CellStarted(version=version):
                _say(event, logging.INFO, f"cell {step.cell} started, version {version}")
            case CellLive(recovered_steps=recovered):
                _say(event, logging.INFO, f"cell {step.cell} is live, {recovered} steps recovered")
            case CellStopped(reason=reason, error=error):
                _say(event, logging.INFO, f"cell {step.cell} stopped: {error or reason}")
            case LimitBreached(scope=scope, rule=rule, limit=limit, value=value):
                text = f"{rule} of {scope} passed: {value} against a limit of {limit}"
                _say(event, logging.WARNING, text)
            case RiskStateChanged(before=before, after=after, reason=reason):
                _say(event, logging.WARNING, f"risk is {after}, was {before}: {reason}")
            case AlertRaised(title=title, text=text):
                _say(event, logging.WARNING, f"{title}: {text}")
            case ReconciliationDifference(subject=subject, ours=ours, theirs=theirs):
                _say(event, logging.WARNING, f"{subject}: ours {ours}, the venue's {theirs}")
            case _:
                pass


def _say(event: AnyEvent, level: int, text: str) -> None:
    _logger.log(level, "%s", text, extra={ABOUT: event})
