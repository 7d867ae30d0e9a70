"""What a search has come to so far, from its journal."""

from collections.abc import Iterable
from typing import Final

import msgspec

from actors.strategies.synthesis.search import AUTHOR
from events.journal import Journal
from runtime.backends import journal_of
from runtime.home import RunDirectory
from runtime.replaying import started_of, steps_of
from runtime.terms import SearchTerms, recorded_terms
from schemas.envelope import AnyEvent, Step
from schemas.errors import UserError
from schemas.strategy import (
    ParameterValue,
    StrategyEvaluated,
    StrategyPromoted,
    StrategyProposed,
    StrategyRetired,
)

_NEVER: Final = float("-inf")


class NoSearch(UserError):
    """A run was named that is no search."""


class Candidate(msgspec.Struct, kw_only=True):
    """A candidate, and what is known of it.

    Attributes:
        state: ``untried``, ``tried``, ``promoted`` or ``retired``.
        figures: what its trial came to, by name; its Sharpe ratio is of one period.
        backtest: id of the run that a backtest of it has.
        reason: why it is what it is.
    """

    name: str
    parameters: dict[str, ParameterValue]
    state: str = "untried"
    figures: dict[str, float] = {}
    backtest: str = ""
    reason: str = ""


class Candidates(msgspec.Struct, frozen=True, kw_only=True):
    """A search at a glance.

    Attributes:
        verdict: figures of the best, once everything was tried.
        candidates: the best first, those without a Sharpe ratio last.
    """

    run: str
    tried: int
    verdict: dict[str, float]
    candidates: tuple[Candidate, ...]


def candidates_of(directory: RunDirectory) -> Candidates:
    """All candidates of the search in ``directory``.

    Raises:
        NoSearch: it is none.
    """
    journal = journal_of(directory)
    if not (directory.terms.exists() and _is_search(journal, directory.run)):
        raise NoSearch(f"run {directory.run}: it is no search")
    return _folded(directory.run, steps_of(journal))


def _is_search(journal: Journal, run: str) -> bool:
    return isinstance(recorded_terms(started_of(journal, run).configuration), SearchTerms)


def _folded(run: str, steps: Iterable[Step]) -> Candidates:
    found: dict[str, Candidate] = {}
    verdict: dict[str, float] = {}
    for step in steps:
        for event in step.events:
            if isinstance(event.payload, StrategyEvaluated) and event.author == AUTHOR:
                verdict = event.payload.metrics
            else:
                _learn(found, event)
    ranked = sorted(found.values(), key=lambda each: -each.figures.get("sharpe", _NEVER))
    return Candidates(
        run=run,
        tried=sum(each.state != "untried" for each in ranked),
        verdict=verdict,
        candidates=tuple(ranked),
    )


def _learn(found: dict[str, Candidate], event: AnyEvent) -> None:
    match event.payload:
        case StrategyProposed(strategy=name, parameters=parameters):
            found[name] = Candidate(name=name, parameters=parameters)
        case StrategyEvaluated(strategy=name, run=run, metrics=figures):
            candidate = found[name]
            candidate.state, candidate.figures, candidate.backtest = "tried", figures, run
        case StrategyPromoted(strategy=name, reason=reason):
            found[name].state, found[name].reason = "promoted", reason
        case StrategyRetired(strategy=name, reason=reason):
            found[name].state, found[name].reason = "retired", reason
        case _:
            pass
