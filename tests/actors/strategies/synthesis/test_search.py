"""A search proposes once, waits for everybody, and promotes only who is better than luck."""

import pytest

from actors.kit.deliberation import Deliberation
from actors.kit.shapes import Folded
from actors.strategies.synthesis.figures import figures_of
from actors.strategies.synthesis.search import TRIALS_MAX, Search, SearchBook, SearchConfig
from projections.analytics.deflated import Track, deflated_sharpe, expected_maximum
from schemas.cell import CellLive
from schemas.registry import Payload
from schemas.strategy import (
    StrategyEvaluated,
    StrategyPromoted,
    StrategyProposed,
    StrategyRetired,
)
from tests.actors.risk.desk import of_kind
from tests.support.rules import Scenario
from tests.support.steps import event

LIVE = CellLive(recovered_steps=0)
WORKER = "trials.one"


def search(**config: object) -> Scenario[SearchBook]:
    space = {"period": (10, 20, 30, 40)}
    return Scenario(Search("s", "donchian", SearchConfig(space=space, **config)))  # type: ignore[arg-type]


def candidates(told: Scenario[SearchBook]) -> list[str]:
    return [each.strategy for each in of_kind(told.when(LIVE), StrategyProposed)]


def came_to(told: Scenario[SearchBook], name: str, sharpe: float | None) -> list[Payload]:
    track = None if sharpe is None else Track(sharpe=sharpe, periods=101)
    figures = {**figures_of(track), "pnl": 1.0}
    done = StrategyEvaluated(strategy=name, run=f"run of {name}", metrics=figures, trials=1)
    return told.when(done, author=WORKER)


def test_it_proposes_once_whoever_comes_after_it() -> None:
    told = search()
    said = of_kind(told.when(LIVE), StrategyProposed)
    assert [each.parameters for each in said] == [{"period": n} for n in (10, 20, 30, 40)]
    assert {each.origin for each in said} == {"search s"}
    assert told.when(LIVE) == []


def test_nothing_is_judged_before_everything_was_tried() -> None:
    told = search()
    *some, last = candidates(told)
    assert [came_to(told, name, 0.1) for name in some] == [[], [], []]
    assert came_to(told, last, 0.2) != []


def test_the_best_is_promoted_where_luck_does_not_explain_it() -> None:
    told = search()
    first, second, third, fourth = candidates(told)
    for name, sharpe in ((first, 0.01), (second, 0.9), (third, 0.02)):
        came_to(told, name, sharpe)
    said = came_to(told, fourth, -0.01)
    (judged,) = of_kind(said, StrategyEvaluated)
    variance = 0.14975  # Of 0.01, 0.9, 0.02 and -0.01, whose mean is 0.23.
    best = Track(sharpe=0.9, periods=101)
    assert (judged.strategy, judged.run, judged.trials) == (second, f"run of {second}", 4)
    assert judged.metrics == {
        "sharpe": 0.9,
        "expected_maximum": pytest.approx(expected_maximum(variance, 4), abs=1e-5),
        "deflated_sharpe": pytest.approx(
            deflated_sharpe(best, variance=variance, trials=4), abs=1e-5
        ),
    }
    (promoted,) = of_kind(said, StrategyPromoted)
    assert (promoted.strategy, promoted.stage) == (second, "paper")
    assert promoted.reason.endswith("of 4 trials reaches 0.95")
    retired = {each.strategy: each.reason for each in of_kind(said, StrategyRetired)}
    assert retired[third] == "place 2 of 4 by Sharpe ratio"
    assert set(retired) == {first, third, fourth}


def test_the_best_of_the_lucky_is_retired_like_the_others() -> None:
    told = search()
    names = candidates(told)
    said = [
        each
        for name, sharpe in zip(names, (0.05, -0.05, 0.04, -0.04), strict=True)
        for each in came_to(told, name, sharpe)
    ]
    assert of_kind(said, StrategyPromoted) == []
    retired = {each.strategy: each.reason for each in of_kind(said, StrategyRetired)}
    assert set(retired) == set(names)
    assert retired[names[0]].endswith("of 4 trials does not reach 0.95")


def test_who_failed_counts_as_tried_and_is_not_retired_again() -> None:
    told = search()
    first, second, third, fourth = candidates(told)
    told.when(StrategyRetired(strategy=first, reason="its trial failed"), author=WORKER)
    came_to(told, second, None)
    came_to(told, third, 0.01)
    said = came_to(told, fourth, 0.02)
    (judged,) = of_kind(said, StrategyEvaluated)
    assert judged.trials == 4
    retired = {each.strategy: each.reason for each in of_kind(said, StrategyRetired)}
    assert first not in retired
    assert retired[second] == "it has no Sharpe ratio"


def test_where_nobody_has_a_sharpe_ratio_nobody_is_promoted() -> None:
    told = search(trials=2)
    first, second = candidates(told)
    told.when(StrategyRetired(strategy=first, reason="its trial failed"), author=WORKER)
    said = came_to(told, second, None)
    (retired,) = of_kind(said, StrategyRetired)
    assert (retired.strategy, len(said)) == (second, 1)
    assert retired.reason == "none of 2 candidates has a Sharpe ratio"


def test_where_every_trial_failed_nothing_is_left_to_be_said() -> None:
    told = search(trials=1)
    (only,) = candidates(told)
    failed = StrategyRetired(strategy=only, reason="its trial failed")
    assert told.when(failed, author=WORKER) == []
    assert told.state.complete


def test_the_largest_search_is_one_step_to_propose_and_one_to_judge() -> None:
    everything = SearchConfig(space={"period": tuple(range(TRIALS_MAX))}, trials=TRIALS_MAX)
    rules = Folded(Search("s", "donchian", everything))
    deciders = Deliberation((rules,))
    proposed = deciders.answers(event(0, LIVE), 0)
    assert len(proposed) == TRIALS_MAX
    said = []
    for number, proposal in enumerate(proposed, 1):
        assert isinstance(proposal.payload, StrategyProposed)
        name, sharpe = proposal.payload.strategy, number / TRIALS_MAX
        figures = figures_of(Track(sharpe=sharpe, periods=101))
        done = StrategyEvaluated(strategy=name, run=name, metrics=figures, trials=1)
        said.append(len(deciders.answers(event(number, done, author=WORKER), 0)))
    assert said == [*[0] * (TRIALS_MAX - 1), TRIALS_MAX + 1]


def test_it_judges_once() -> None:
    told = search(trials=1)
    (only,) = candidates(told)
    assert came_to(told, only, 0.5) != []
    assert came_to(told, only, 0.5) == []
