"""A verdict depends on what candidates came to, and not on who was tried first."""

from hypothesis import given
from hypothesis import strategies as st

from actors.strategies.synthesis.figures import figures_of, track_in
from actors.strategies.synthesis.verdict import verdict
from projections.analytics.deflated import Track
from schemas.strategy import StrategyEvaluated, StrategyPromoted, StrategyRetired

RATIOS = st.one_of(st.none(), st.floats(-1, 1).map(lambda ratio: round(ratio, 3)))


def came_to(name: str, sharpe: float | None) -> StrategyEvaluated:
    track = None if sharpe is None else Track(sharpe=sharpe, periods=50)
    return StrategyEvaluated(strategy=name, run=name, metrics=figures_of(track), trials=1)


@given(
    ratios=st.dictionaries(st.text("abc", min_size=1), RATIOS, min_size=1),
    failed=st.sets(st.text("xyz", min_size=1), max_size=3),
    data=st.data(),
)
def test_everybody_who_did_not_fail_has_one_word_in_whatever_order_they_were_tried(
    ratios: dict[str, float | None], failed: set[str], data: st.DataObject
) -> None:
    tried = {name: came_to(name, sharpe) for name, sharpe in ratios.items()}
    everybody = {**tried, **dict.fromkeys(failed)}
    said = verdict(everybody, 0.95)
    order = data.draw(st.permutations(list(everybody)))
    assert verdict({name: everybody[name] for name in order}, 0.95) == said
    fates = [each for each in said if isinstance(each, StrategyPromoted | StrategyRetired)]
    assert sorted(each.strategy for each in fates) == sorted(ratios)
    known = [ratio for ratio in ratios.values() if ratio is not None]
    judged = [each for each in said if isinstance(each, StrategyEvaluated)]
    assert [each.metrics["sharpe"] for each in judged] == ([max(known)] if known else [])
    assert all(each.trials == len(everybody) for each in judged)


@given(sharpe=st.floats(-1, 1), skewness=st.floats(-5, 5), kurtosis=st.floats(1, 50))
def test_figures_are_read_back(sharpe: float, skewness: float, kurtosis: float) -> None:
    track = Track(sharpe=sharpe, periods=9, skewness=skewness, kurtosis=kurtosis)
    found = track_in(figures_of(track))
    assert found is not None
    assert figures_of(found) == figures_of(track)
