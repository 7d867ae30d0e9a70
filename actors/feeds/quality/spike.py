"""Prices far from all that came just before them."""

from typing import Final

import msgspec
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from actors.feeds.quality.carried import Carried
from actors.feeds.quality.mids import twice_mid
from actors.feeds.quality.policy import QualityPolicy
from actors.feeds.quality.screening import Screening
from actors.feeds.rows import Bools, Int64s

_JUDGED_AT_ONCE: Final = 65_536


def check(screening: Screening, policy: QualityPolicy, carried: Carried, gap_ns: int) -> Carried:
    """Judge each row by the ``spike_window`` rows before it, accepted or not, since the last
    silence.

    The median hardly moves with a few bad rows, so one spike does not make the next row one. After
    a silence of more than ``gap_ns`` a market may open anywhere: rows are judged once the window
    has filled again.
    """
    rows = screening.rows
    if len(rows) == 0:
        return carried
    window = policy.spike_window
    mids = np.concatenate((carried.mids, twice_mid(screening.kind, rows))).astype(np.int64)
    known = len(carried.mids)
    silent = np.diff(rows.ts, prepend=rows.ts[0] if carried.last_ts is None else carried.last_ts)
    breaks = np.flatnonzero(silent > gap_ns) + known
    since = _since_break(len(mids), breaks)
    mask = np.zeros(len(mids), dtype=np.bool_)
    if len(mids) > window:
        mask[window:] = _far(mids, policy) & (since[window:] >= window)
    remembered = mids[-min(window, int(since[-1]) + 1) :]
    screening.settle(mask[known:], policy.spike, "spike", "price")
    return msgspec.structs.replace(carried, mids=tuple(remembered.tolist()))


def _since_break(count: int, breaks: Int64s) -> Int64s:
    """How many rows of the same stretch stand before each row."""
    starts = np.zeros(count, dtype=np.int64)
    starts[breaks] = breaks
    return np.arange(count) - np.maximum.accumulate(starts)


def _far(mids: Int64s, policy: QualityPolicy) -> Bools:
    """For each row behind the first window whether it is a spike, were there no silence.

    Medians are dear, and a price can only be far from a median when it is far from the lowest or
    the highest of the window; ordinary rows are told by that alone.
    """
    window = policy.spike_window
    mids_now = mids[window:]
    least = np.abs(mids_now) * policy.spike_fraction
    lowest, highest = _extremes(mids[:-1], window)
    far: Bools = np.maximum(mids_now - lowest, highest - mids_now) > least
    candidates = np.flatnonzero(far)
    windows = sliding_window_view(mids, window)
    for start in range(0, len(candidates), _JUDGED_AT_ONCE):
        chosen = candidates[start : start + _JUDGED_AT_ONCE]
        before = windows[chosen]
        median = np.median(before, axis=1)
        deviation = np.median(np.abs(before - median[:, np.newaxis]), axis=1)
        distance = np.abs(mids_now[chosen] - median)
        far[chosen] = (distance > policy.spike_mads * deviation) & (distance > least[chosen])
    return far


def _extremes(values: Int64s, window: int) -> tuple[Int64s, Int64s]:
    """Lowest and highest of each stretch of ``window`` values, by doubling."""
    lowest = highest = values
    covered = 1
    while covered < window:
        step = min(covered, window - covered)
        lowest = np.minimum(lowest[:-step], lowest[step:])
        highest = np.maximum(highest[:-step], highest[step:])
        covered += step
    return lowest, highest
