"""Where a file is cut into blocks changes nothing: the checks carry all that they know."""

from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.feeds.quality.carried import Carried
from actors.feeds.quality.policy import Action, QualityPolicy
from actors.feeds.rows import Rows
from tests.actors.feeds.material import SECOND, quotes
from tests.actors.feeds.quality.screened import START, inspection, refused

POLICIES = {
    "default": QualityPolicy(),
    "strict": QualityPolicy(spike=Action.DROP, stale=Action.DROP, spike_window=4, stale_after_s=20),
    "repairing": QualityPolicy(
        crossed=Action.REPAIR, out_of_order=Action.REPAIR, reorder_within_ms=5_000, spike_window=4
    ),
}
STEPS = st.lists(
    st.tuples(st.integers(-8, 12), st.integers(-2, 3), st.integers(-1, 2)), min_size=1, max_size=60
)
JUMPS = st.lists(st.sampled_from([0, 0, 0, 700, 20_000]), min_size=60, max_size=60)
CUTS = st.lists(st.integers(0, 60), max_size=6)


def market(steps: list[tuple[int, int, int]], jumps: list[int]) -> Rows:
    """A market with late, doubled, crossed and far-off ticks, and silences."""
    count = len(steps)
    late = (
        np.cumsum([step[0] for step in steps]) + np.cumsum([j == 700 for j in jumps[:count]]) * 700
    )
    bid = 10_000 + np.cumsum([step[1] for step in steps])
    bid += np.asarray([j if j == 20_000 else 0 for j in jumps[:count]])
    ask = bid + np.asarray([step[2] for step in steps])
    return quotes((START + late * SECOND).tolist(), bid.tolist(), ask.tolist())


type Outcome = tuple[list[int], list[int], list[tuple[int, str, str]], list[int], dict[str, int]]


def outcome(rows: Rows, cuts: list[int], policy: QualityPolicy) -> Outcome:
    checks, carried = inspection(policy), Carried()
    bounds = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    ts: list[int] = []
    bid: list[int] = []
    refusals: list[tuple[int, str, str]] = []
    gaps: list[int] = []
    suspicious: dict[str, int] = {}
    for index, (start, end) in enumerate(pairwise(bounds)):
        last = index == len(bounds) - 2
        found = checks.inspect(rows.take(np.arange(start, end)), carried, last=last)
        # A checkpoint keeps what is carried as bytes.
        carried = msgspec.msgpack.decode(msgspec.msgpack.encode(found.carried), type=Carried)
        ts += found.rows.ts.tolist()
        bid += found.rows.columns["bid"].tolist()
        refusals += refused(found)
        gaps += [silence.gap.ts_to for silence in found.silences]
        for reason, count in found.suspicious.items():
            suspicious[reason] = suspicious.get(reason, 0) + count
    return ts, bid, sorted(refusals), gaps, {k: v for k, v in suspicious.items() if v}


@pytest.mark.parametrize("name", POLICIES)
@given(steps=STEPS, jumps=JUMPS, cuts=CUTS)
def test_cutting_rows_into_blocks_changes_nothing(
    name: str, steps: list[tuple[int, int, int]], jumps: list[int], cuts: list[int]
) -> None:
    rows = market(steps, jumps)
    assert outcome(rows, cuts, POLICIES[name]) == outcome(rows, [], POLICIES[name])


def test_a_cut_anywhere_hides_neither_a_duplicate_nor_a_standstill() -> None:
    doubled = [START + i * 5 * SECOND for i in range(12) for _ in (0, 1)]
    rows = quotes(doubled, [7] * 24, [9] * 24)
    _, _, refusals, _, _ = whole = outcome(rows, [], POLICIES["strict"])
    assert sum(reason == "duplicate" for _, _, reason in refusals) == 12
    assert sum(reason == "stale" for _, _, reason in refusals) == 7
    for cut in range(1, 24):
        assert outcome(rows, [cut], POLICIES["strict"]) == whole


@pytest.mark.parametrize("name", POLICIES)
@given(steps=STEPS, jumps=JUMPS)
def test_every_row_is_accepted_or_refused_once_and_time_never_goes_back(
    name: str, steps: list[tuple[int, int, int]], jumps: list[int]
) -> None:
    rows = market(steps, jumps)
    ts, _, refusals, _, _ = outcome(rows, [], POLICIES[name])
    assert len(ts) + len(refusals) == len(rows)
    assert len({number for number, _, _ in refusals}) == len(refusals)
    assert ts == sorted(ts)
