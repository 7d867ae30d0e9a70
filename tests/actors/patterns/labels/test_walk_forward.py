"""No label's span reaches into what a model is judged on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from actors.patterns.labels.walk_forward import (
    Fold,
    SplitConfig,
    TooFewSamples,
    final_split,
    walk_forward,
)

Spans = tuple[NDArray[np.int64], NDArray[np.int64]]


@st.composite
def spans(draw: st.DrawFn) -> Spans:
    """Samples of several instruments on one axis of uneven times, with labels of any length."""
    chance = np.random.default_rng(draw(st.integers(0, 10_000)))
    times = np.cumsum(chance.integers(1, 50, draw(st.integers(120, 200))))
    start = np.repeat(times, draw(st.integers(1, 3)))
    return start, start + chance.integers(0, 200, len(start))


configs = st.builds(
    SplitConfig, folds=st.integers(1, 4), embargo=st.integers(0, 5), validation=st.just(0.3)
)


def parts(fold: Fold) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """What is learned from beside what it must not have seen."""
    later = [(fold.train, fold.validation)]
    return later + [(each, fold.test) for each in (fold.train, fold.validation) if len(fold.test)]


@given(spans(), configs)
def test_no_span_of_what_is_learned_overlaps_what_is_judged(
    given_spans: Spans, config: SplitConfig
) -> None:
    start, end = given_spans
    for fold in (*walk_forward(start, end, config), final_split(start, end, config)):
        for learned, judged in parts(fold):
            assert end[learned].max() < start[judged].min()


@given(spans(), configs)
def test_an_embargo_lies_between_what_is_learned_and_what_is_judged(
    given_spans: Spans, config: SplitConfig
) -> None:
    start, end = given_spans
    times = np.unique(start)
    for fold in walk_forward(start, end, config):
        for learned, judged in ((fold.train, fold.test), (fold.validation, fold.test)):
            first = np.searchsorted(times, start[judged].min())
            assert end[learned].max() < times[first - config.embargo]


@given(spans(), configs)
def test_tests_follow_each_other_and_take_every_sample_once(
    given_spans: Spans, config: SplitConfig
) -> None:
    start, end = given_spans
    judged = np.concatenate([fold.test for fold in walk_forward(start, end, config)])
    assert np.array_equal(judged, np.arange(judged[0], len(start)))


@pytest.mark.parametrize(
    ("ahead", "reason"), [(5, "0 times to learn from"), (3, "nothing is left to learn from")]
)
def test_too_few_samples_are_refused(ahead: int, reason: str) -> None:
    start = np.arange(12)
    with pytest.raises(TooFewSamples, match=reason):
        list(walk_forward(start, start + ahead, SplitConfig(folds=1, embargo=1)))
