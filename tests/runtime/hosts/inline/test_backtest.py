"""A cell over recorded markets: the same steps however the market was cut."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.execution.venue import Subscriptions
from actors.feeds.merge import windows
from actors.kit.deliberation import Deliberation
from actors.kit.inputs import input_of
from actors.kit.sequencer import Sequencer
from events.backends.memory.journal import MemoryJournal
from runtime.hosts.inline.backtest import BacktestHost
from schemas.envelope import AnyEvent, Step
from schemas.market import Observation
from schemas.order import (
    OrderApproved,
    OrderCancelRequested,
    OrderFilled,
    Side,
    Ticket,
)
from schemas.registry import Payload
from schemas.timer import TimerFired, TimerSet
from tests.actors.kit.cells import IDENTITY, event, observation
from tests.runtime.hosts.inline.scripted import ScriptedVenue, market_log


class Trader:
    """Orders, cancels, sets a timer or fails, by what the venue says and how often it spoke."""

    author = "trader"
    consumes: frozenset[type[Payload]] = frozenset({Observation, OrderFilled, TimerFired})

    def __init__(self, fails_at: int = -1) -> None:
        self.heard: list[str] = []
        self._fails_at = fails_at

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        self.learn(event)
        number = len(self.heard)
        if number == self._fails_at:
            raise ArithmeticError(f"at {event.id}")
        match number % 3 if isinstance(event.payload, Observation) else -1:
            case 0:
                ticket = Ticket(
                    client_order_id=f"order {number}",
                    strategy="s",
                    instrument="A.B",
                    side=Side.BUY,
                    quantity=Decimal(number),
                )
                return [OrderApproved(ticket=ticket, checks=())]
            case 1:
                return [TimerSet(name="t", at=event.ts + 3)]
            case 2:
                cancel = OrderCancelRequested(
                    client_order_id=f"order {number}", instrument="A.B", reason="why not"
                )
                return [cancel]
            case _:
                return []

    def learn(self, event: AnyEvent) -> None:
        self.heard.append(event.id)


TIMES = st.lists(st.integers(1, 40), min_size=1, max_size=30).map(sorted)
SCRIPT = st.lists(st.integers(0, 45), max_size=8).map(sorted)
SIZES = st.integers(1, 12)


def lived(
    rows: Mapping[str, Sequence[int]],
    script: Sequence[int],
    *,
    record_rows: int = 5,
    rows_per_window: int = 5,
    trader: Trader | None = None,
) -> list[Step]:
    sequencer = Sequencer(
        IDENTITY,
        Deliberation([trader or Trader()]),
        MemoryJournal().open(),
        epoch=1,
        recording_clock=lambda: 0,
    )
    host = BacktestHost(sequencer, ScriptedVenue(script))
    log = market_log(rows, record_rows)
    return list(
        host.steps([], Subscriptions(), windows(log, list(rows), rows_per_window=rows_per_window))
    )


@given(TIMES, TIMES, SCRIPT, SIZES, SIZES)
def test_steps_do_not_depend_on_how_the_market_was_cut(
    a: list[int], b: list[int], script: list[int], record_rows: int, rows_per_window: int
) -> None:
    rows = {"a": a, "b": b}
    cut = lived(rows, script, record_rows=record_rows, rows_per_window=rows_per_window)
    assert cut == lived(rows, script, record_rows=100, rows_per_window=1_000)


@given(TIMES, TIMES, SCRIPT, SIZES, SIZES)
def test_slices_cover_the_market_once_and_end_at_the_time_of_their_step(
    a: list[int], b: list[int], script: list[int], record_rows: int, rows_per_window: int
) -> None:
    rows = {"a": a, "b": b}
    steps = lived(rows, script, record_rows=record_rows, rows_per_window=rows_per_window)
    due = dict.fromkeys(rows, 0)
    for step in steps:
        for part in step.slices:
            assert part.from_seq == due[part.source]
            due[part.source] = part.to_seq + 1
        if step is not steps[-1]:
            assert due == {name: bisect_right(times, step.ts) for name, times in rows.items()}
    assert due == {name: len(times) for name, times in rows.items()}


def test_a_market_in_which_nothing_happened_is_one_step() -> None:
    (end,) = lived({"a": [1, 2, 3]}, [])
    assert end.input.kind == "market.slice"
    assert [(part.from_seq, part.to_seq) for part in end.slices] == [(0, 2)]


def test_an_order_reaches_the_venue_and_its_fill_comes_back_as_a_step() -> None:
    approving, filled = (
        step
        for step in lived({"a": [1, 50]}, [10, 11, 12])
        if step.input.id in ("scripted 2", "trade of order 3")
    )
    assert filled.input.cause == approving.outputs[0].id
    assert (approving.ts, filled.ts) == (12, 13)


def test_what_a_venue_says_inside_a_call_is_the_step_behind_the_one_at_hand() -> None:
    cancelling, cancelled = lived({"a": [1, 50]}, [10, 11])[1:3]
    assert cancelling.outputs[0].kind == "order.cancel_requested"
    assert cancelled.input.kind == "order.cancelled"
    assert cancelled.input.cause == cancelling.outputs[0].id


def test_a_timer_fires_in_market_time() -> None:
    steps = lived({"a": [1, 50]}, [10])
    assert [(step.input.kind, step.ts) for step in steps[:2]] == [
        ("market.observation", 10),
        ("timer.fired", 13),
    ]


def test_the_prologue_is_recorded_before_the_venue_starts() -> None:
    sequencer = Sequencer(
        IDENTITY, Deliberation([]), MemoryJournal().open(), epoch=1, recording_clock=lambda: 0
    )
    venue = ScriptedVenue([])
    steps = BacktestHost(sequencer, venue).steps(
        [input_of(event(observation("x"), "first"))], Subscriptions(), []
    )
    assert next(steps).input.id == "first"
    assert venue.calls == []
    assert [step.input.kind for step in steps] == ["market.slice"]
    assert venue.calls == ["start", "finish"]


@pytest.mark.parametrize("rows_per_window", [1, 100])
def test_a_decider_that_fails_ends_the_run(rows_per_window: int) -> None:
    trader = Trader(fails_at=2)
    with pytest.raises(ArithmeticError, match="at scripted 1"):
        lived({"a": [1, 50]}, [10, 11, 30], rows_per_window=rows_per_window, trader=trader)
    assert trader.heard == ["scripted 0", "scripted 1"]
