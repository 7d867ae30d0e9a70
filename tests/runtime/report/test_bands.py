"""A long series as few stretches: nothing outside them, no extreme lost, memory bounded."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from runtime.report.bands import BandSketch, reduced
from schemas.quantities import SECOND_NS

ROWS = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(-1_000, 1_000)), min_size=1, max_size=200
).map(sorted)


def test_rows_of_one_stretch_become_its_low_high_and_last() -> None:
    times = np.array([0, 4, 9, 10, 25])
    values = np.array([3.0, 5.0, 1.0, 7.0, 2.0])
    starts, low, high, last = reduced((times, values, values, values), 10)
    assert starts.tolist() == [0, 10, 20]
    assert low.tolist() == [1.0, 7.0, 2.0]
    assert high.tolist() == [5.0, 7.0, 2.0]
    assert last.tolist() == [1.0, 7.0, 2.0]


@given(rows=ROWS, stretches_max=st.integers(2, 20), cut=st.integers(1, 50))
def test_a_band_holds_every_value_and_its_extremes_however_the_rows_came(
    rows: list[tuple[int, int]], stretches_max: int, cut: int
) -> None:
    times = np.array([seconds * SECOND_NS for seconds, _ in rows])
    values = np.array([float(value) for _, value in rows])
    sketch = BandSketch(stretches_max)
    for start in range(0, len(rows), cut):
        sketch.add_points(times[start : start + cut], values[start : start + cut])
    band = sketch.band()

    assert 1 <= len(band.times) <= stretches_max
    assert (np.diff(band.times) > 0).all()
    assert (band.times % band.width == 0).all()
    for place, start in enumerate(band.times):
        inside = values[(times >= start) & (times < start + band.width)]
        assert band.low[place] == inside.min()
        assert band.high[place] == inside.max()
        assert band.last[place] == inside[-1]
    assert sketch.rows == len(rows)


def test_a_short_series_is_kept_to_the_second() -> None:
    sketch = BandSketch(100)
    sketch.add_points(np.array([5, 6]) * SECOND_NS, np.array([1.0, 2.0]))
    assert (sketch.band().width, sketch.band().last.tolist()) == (SECOND_NS, [1.0, 2.0])


def test_two_sources_of_one_instrument_are_sorted_by_time() -> None:
    sketch = BandSketch(100)
    for first in (10, 0):
        times = np.arange(first, first + 5) * SECOND_NS
        sketch.add_points(times, times.astype(float))
    assert (np.diff(sketch.band().times) > 0).all()
    assert len(sketch.band().times) == 10


def test_a_series_without_rows_is_an_empty_band() -> None:
    sketch = BandSketch(10)
    sketch.add_points(np.empty(0, np.int64), np.empty(0))
    assert sketch.band().times.size == 0
