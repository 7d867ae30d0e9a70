"""Rows of features: the same live and in bulk, from the past alone, and as they were defined."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nautilus_trader.indicators import BollingerBands, MovingAverageType, RelativeStrengthIndex

from actors.patterns.features.bulk import feature_rows
from actors.patterns.features.feature_set import (
    FEATURE_SETS,
    LOOKBACK,
    UnknownFeatures,
    feature_set,
)
from actors.patterns.features.panel import Observed, Panel, UnfitPanel, panel_of
from actors.patterns.features.stream import FeatureStream
from projections.analytics.series import Doubles
from tests.support.walks import observed, panel, walked

QUOTES = feature_set("quotes")
CONTEXT = 8
panels = st.builds(
    panel,
    seed=st.integers(0, 10_000),
    bars=st.integers(LOOKBACK, LOOKBACK + 40),
    instruments=st.integers(1, 4),
)


def streamed(given_panel: Panel, begin: int = 0) -> FeatureStream:
    stream = FeatureStream(QUOTES, given_panel.instruments, CONTEXT)
    for moment in range(begin, len(given_panel)):
        bars = {
            name: given_panel.values[:, moment, place].tolist()
            for place, name in enumerate(given_panel.instruments)
            if given_panel.present[moment, place]
        }
        stream.close(int(given_panel.ts_close[moment]), bars)
    return stream


def column(rows: Doubles, name: str) -> Doubles:
    return np.asarray(rows[..., QUOTES.columns.index(name)])


@given(panels)
def test_rows_as_bars_close_equal_rows_in_bulk_bit_for_bit(given_panel: Panel) -> None:
    stream, rows = streamed(given_panel), feature_rows(QUOTES, given_panel)
    known = ~np.isnan(rows[-CONTEXT:]).any(axis=(0, 2))
    np.testing.assert_array_equal(stream.ready, known)
    expected = np.swapaxes(rows[-CONTEXT:], 0, 1)
    np.testing.assert_array_equal(stream.rows[known], expected[known])


@given(panels, st.data())
def test_a_row_is_the_same_whatever_comes_after_it(given_panel: Panel, data: st.DataObject) -> None:
    moments = data.draw(st.integers(1, len(given_panel) - 1))
    whole, cut = feature_rows(QUOTES, given_panel), feature_rows(QUOTES, given_panel[:moments])
    np.testing.assert_array_equal(whole[:moments], cut)


@given(panels)
def test_rows_are_finite_once_the_look_back_lies_behind_the_first_bar(given_panel: Panel) -> None:
    rows = feature_rows(QUOTES, given_panel)
    age = np.arange(1, len(rows) + 1)[:, None] - given_panel.present.argmax(axis=0)
    np.testing.assert_array_equal(np.isfinite(rows).all(axis=2), age >= LOOKBACK)


def test_a_stream_that_begins_later_comes_to_the_same_rows() -> None:
    given_panel = panel(7, 200, 1)
    late = streamed(given_panel, begin=200 - LOOKBACK - CONTEXT + 1)
    assert late.ready.all()
    np.testing.assert_array_equal(late.rows, streamed(given_panel).rows)


def test_a_price_that_never_moves_gives_zeros_and_no_fault() -> None:
    still = walked(1, 80)
    flat = np.full(80, 100.0)
    candles = type(still)(
        open=flat, high=flat, low=flat, close=flat, volume=flat * 0, ts_close=still.ts_close
    )
    rows = feature_rows(QUOTES, panel_of({"FLAT.TEST": Observed(candles=candles)}))
    own = [place for place, name in enumerate(QUOTES.columns) if "sine" not in name]
    moving = [place for place in own if QUOTES.columns[place] != "volatility"]
    assert np.isfinite(rows[-1]).all()
    np.testing.assert_array_equal(rows[-1][:, moving], 0.0)


def test_relative_strength_index_and_bollinger_bands_are_those_of_nautilus() -> None:
    candles = walked(3, 120)
    rows = feature_rows(QUOTES, panel_of({"I.TEST": Observed(candles=candles)}))
    index = RelativeStrengthIndex(14, MovingAverageType.Simple)
    bands = BollingerBands(20, 1.0, MovingAverageType.Simple)
    for log_close in np.log(candles.close):
        index.update_raw(float(log_close))
    for close in candles.close:
        bands.update_raw(float(close))
    gap = (candles.close[-1] - bands.middle) / (bands.upper - bands.middle)
    assert column(rows, "bollinger_20")[-1, 0] == pytest.approx(gap, rel=1e-6)
    assert column(rows, "rsi_14")[-1, 0] == pytest.approx(index.value / 100 - 0.5, abs=1e-6)


def test_a_peer_that_moves_a_bar_earlier_is_seen_to_lead() -> None:
    leader = walked(5, 120)
    follower = type(leader)(
        **{name: np.roll(getattr(leader, name), 1) for name in ("open", "high", "low", "close")},
        volume=leader.volume,
        ts_close=leader.ts_close,
    )
    both = {"LEADS.TEST": Observed(candles=leader), "FOLLOWS.TEST": Observed(candles=follower)}
    last = feature_rows(QUOTES, panel_of(both))[-1]
    assert column(last, "peers_lead_48").tolist() == pytest.approx([0.0, 1.0], abs=0.4)
    assert column(last, "peers_follow_48").tolist() == pytest.approx([1.0, 0.0], abs=0.4)


def test_twice_the_move_of_its_peers_is_a_beta_of_two() -> None:
    quiet = walked(6, 120)
    wild = type(quiet)(
        **{name: getattr(quiet, name) ** 2 for name in ("open", "high", "low", "close")},
        volume=quiet.volume,
        ts_close=quiet.ts_close,
    )
    both = {"QUIET.TEST": Observed(candles=quiet), "WILD.TEST": Observed(candles=wild)}
    last = feature_rows(QUOTES, panel_of(both))[-1]
    assert column(last, "beta_48").tolist() == pytest.approx([0.5, 2.0])
    assert column(last, "correlation_48").tolist() == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("name", FEATURE_SETS)
def test_a_set_comes_out_as_its_version_always_did(name: str) -> None:
    # A figure that changes here needs a new version of the set: models were trained on the old.
    features = feature_set(name)
    rows = feature_rows(features, panel(42, LOOKBACK, 2))
    known = rows[np.isfinite(rows).all(axis=2)]
    assert (features.digest, round(float(np.abs(known).sum()), 6)) == GOLDEN[name]


GOLDEN = {
    "bars": ("33979b34c2d680e7d0c71460d9c73a3f", 1368.603366),
    "quotes": ("37b8a0aae30c284e4bbe97af5eafecb6", 1429.150767),
}


def test_an_unknown_set_or_another_hash_is_refused() -> None:
    with pytest.raises(UnknownFeatures, match="there are bars, quotes"):
        feature_set("ticks")
    with pytest.raises(UnknownFeatures, match="wanted is 00, this program's are"):
        feature_set("bars", "00")


def test_a_panel_without_a_bar_names_the_instrument() -> None:
    with pytest.raises(UnfitPanel, match="I1: no closed bar"):
        panel_of({"I0": observed(0, 5), "I1": Observed(candles=walked(1, 5)[:0])})


def test_a_stream_refuses_time_that_goes_back() -> None:
    stream = FeatureStream(QUOTES, ["I.TEST"], CONTEXT)
    stream.close(2, {"I.TEST": [1.0] * 7})
    with pytest.raises(ValueError, match="comes after"):
        stream.close(2, {"I.TEST": [1.0] * 7})
