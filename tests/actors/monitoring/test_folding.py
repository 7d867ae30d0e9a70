"""A reader that folds a whole journal sees the windows that the decider in the cell sees."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from actors.monitoring.folding import Fold, after_event, after_step, cell_reports, source_reports
from actors.monitoring.health import Health, HealthConfig
from actors.monitoring.stages import Stage, quantile, with_delay
from schemas.envelope import GENESIS, AnyEvent, Slice, Step
from schemas.health import HealthReported
from schemas.market import Gap
from schemas.registry import Payload
from tests.actors.kit.cells import event, observation
from tests.support.trading import EURUSD, USDJPY, bar, quote, requested, signal, ticket

SECOND = 1_000_000_000
LENGTH = 10 * SECOND
PAYLOADS: tuple[Payload, ...] = (
    quote(EURUSD, "1.0000", "1.0002"),
    bar(USDJPY, "100"),
    signal(EURUSD, "long"),
    requested(ticket(EURUSD, 1)),
    Gap(instrument=EURUSD.id, ts_from=0, ts_to=1, expected=False),
    observation("weather"),
    HealthReported(component="x", healthy=True, measurements={}),
)
HISTORIES = st.lists(
    st.tuples(st.integers(0, 25), st.lists(st.sampled_from(PAYLOADS), min_size=1, max_size=4)),
    max_size=30,
)


def step(seq: int, events: list[AnyEvent], slices: tuple[Slice, ...] = ()) -> Step:
    first, *outputs = events
    return Step(
        cell="c",
        run="r",
        seq=seq,
        epoch=1,
        prev_hash=GENESIS,
        ts=first.ts,
        ts_recorded=first.ts,
        slices=slices,
        input=first,
        outputs=tuple(outputs),
    )


def steps_of(history: list[tuple[int, list[Payload]]]) -> list[Step]:
    steps, now = [], 0
    for seq, (pause, payloads) in enumerate(history):
        now += pause * SECOND
        events = [event(each, f"{seq}/{n}", ts=now) for n, each in enumerate(payloads)]
        steps.append(step(seq, events))
    return steps


@given(HISTORIES)
def test_a_reader_of_the_journal_reports_what_the_decider_in_the_cell_reports(
    history: list[tuple[int, list[Payload]]],
) -> None:
    health = Health(HealthConfig(window_ms=10_000, max_silence_ms=5_000))
    state, fold = health.initial(), Fold()
    in_the_cell: list[Payload] = []
    by_the_reader: list[Payload] = []
    for each in steps_of(history):
        for told in each.events:
            if type(told.payload) in health.consumes:  # The cell hands it nothing else.
                state = health.evolve(state, told)
                in_the_cell += health.decide(state, told)
        fold, closed = after_step(fold, each, LENGTH)
        if closed is not None:
            by_the_reader += cell_reports(closed, 5 * SECOND)
    assert by_the_reader == in_the_cell


def test_rows_that_steps_consumed_are_counted_even_where_nothing_is_watched() -> None:
    fold = Fold()
    weather, price = observation("weather"), quote(EURUSD, "1.0000", "1.0002")
    fold, _ = after_step(fold, step(0, [event(price, "a", ts=1)], (Slice("s", 0, 4),)), LENGTH)
    late = step(1, [event(weather, "b", ts=99 * SECOND)], (Slice("s", 5, 19),))
    fold, closed = after_step(fold, late, LENGTH)
    assert closed is None, "only what is watched closes a window"
    _, closed = after_step(fold, step(2, [event(price, "c", ts=99 * SECOND)]), LENGTH)
    assert closed is not None
    assert closed.window.rows == {"s": 20}


def test_so_many_prices_at_once_are_so_many_prices_one_by_one() -> None:
    told = [event(PAYLOADS[0], str(n), ts=n) for n in range(5)]
    one_by_one = Fold()
    for each in told:
        one_by_one, _ = after_event(one_by_one, each, LENGTH)
    at_once, _ = after_event(Fold(), told[-1], LENGTH, times=5)
    assert at_once == one_by_one


def test_a_log_in_which_nobody_decides_reports_its_gaps_with_its_source() -> None:
    fold, _ = after_event(Fold(rows={"s": 40}), event(PAYLOADS[4], "a", ts=1), LENGTH)
    assert fold.measured is not None
    said = {each.component: each.measurements for each in source_reports(fold.measured, 0)}
    assert said == {"source.s": {"rows_per_s": 4.0, "gaps_per_s": 0.1}}


@given(st.lists(st.integers(0, 10**13), min_size=1), st.sampled_from([0.5, 0.9, 0.99, 1.0]))
def test_a_quantile_is_at_most_an_eighth_and_a_microsecond_too_long(
    delays: list[int], share: float
) -> None:
    stage = Stage()
    for delay in delays:
        stage = with_delay(stage, delay)
    exact = next(each for rank, each in enumerate(sorted(delays), 1) if rank >= share * len(delays))
    assert exact <= quantile(stage, share) <= exact * 9 / 8 + 1_000
    assert (stage.count, stage.longest) == (len(delays), max(delays))


def test_a_clock_that_was_put_back_makes_no_delay_shorter_than_zero() -> None:
    stage = with_delay(Stage(), -5)
    assert (quantile(stage, 0.5), quantile(Stage(), 0.5)) == (0, 0)
    assert replace(stage, counts={}) == Stage()
