"""A search for parameters: proposes candidates, hears what they came to, and judges the best.

Of many candidates without any skill the best looks skilled. So every trial counts, and the best is
promoted only if its Sharpe ratio is better than the best of so many would be by luck.
"""

from collections.abc import Iterable
from typing import Annotated, Final

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from actors.strategies.synthesis.space import name_of, points, require_space
from actors.strategies.synthesis.verdict import Tried, verdict
from schemas.cell import CellLive
from schemas.envelope import AnyEvent
from schemas.registry import Payload
from schemas.strategy import (
    ParameterValue,
    StrategyEvaluated,
    StrategyPromoted,
    StrategyProposed,
    StrategyRetired,
)

AUTHOR: Final = "synthesis"

TRIALS_MAX: Final = 5_000
"""Proposals are answers to one event, as verdicts are, and one record of a log."""


class SearchConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is searched for.

    Attributes:
        space: by parameter of the first strategy, the values to try.
        trials: candidates at most; where there are more combinations, ``seed`` chooses.
        confidence: how probable it must be that the best is better than luck.
    """

    space: dict[str, tuple[ParameterValue, ...]]
    trials: Annotated[int, Meta(ge=1, le=TRIALS_MAX)] = 100
    seed: int = 0
    confidence: Annotated[float, Meta(gt=0, lt=1)] = 0.95

    def __post_init__(self) -> None:
        require_space(self.space)


class SearchBook(msgspec.Struct, frozen=True):
    """How far a search is.

    Attributes:
        proposed: names of candidates.
        tried: what became of those that were tried.
        judged: whether the verdict is given.
    """

    proposed: tuple[str, ...] = ()
    tried: Tried = {}
    judged: bool = False

    @property
    def complete(self) -> bool:
        """Whether everything that was proposed was tried."""
        return bool(self.proposed) and len(self.tried) == len(self.proposed)


class Search:
    """The rules of a search.

    Args:
        strategy: a name for what is varied.
    """

    author: Final = AUTHOR
    consumes: Final[frozenset[type[Payload]]] = frozenset(
        (CellLive, StrategyProposed, StrategyEvaluated, StrategyPromoted, StrategyRetired)
    )
    answers: Final[frozenset[type[Payload]]] = frozenset(
        (CellLive, StrategyEvaluated, StrategyRetired)
    )

    def __init__(self, name: str, strategy: str, config: SearchConfig) -> None:
        self._origin: Final = f"search {name}"
        self._strategy: Final = strategy
        self._config: Final = config

    def initial(self) -> SearchBook:
        """Nothing was proposed yet."""
        return SearchBook()

    def evolve(self, state: SearchBook, event: AnyEvent) -> SearchBook:
        """Take in a proposal, what came of one, or the verdict."""
        match event.payload:
            case StrategyProposed(strategy=name):
                return replace(state, proposed=(*state.proposed, name))
            case StrategyEvaluated() | StrategyPromoted() | StrategyRetired() if (
                event.author == AUTHOR
            ):
                return replace(state, judged=True)
            case StrategyEvaluated(strategy=name) as came_to:
                return replace(state, tried={**state.tried, name: came_to})
            case StrategyRetired(strategy=name):
                return replace(state, tried={**state.tried, name: None})
            case _:
                return state

    def decide(self, state: SearchBook, event: AnyEvent) -> Iterable[Payload]:
        """Propose at first, and judge when everything was tried."""
        match event.payload:
            case CellLive() if not state.proposed:
                return self._proposals()
            case StrategyEvaluated() | StrategyRetired() if state.complete and not state.judged:
                return verdict(state.tried, self._config.confidence)
            case _:
                return ()

    def _proposals(self) -> Iterable[Payload]:
        for point in points(self._config.space, self._config.trials, self._config.seed):
            name = name_of(self._strategy, point)
            yield StrategyProposed(strategy=name, parameters=point, origin=self._origin)
