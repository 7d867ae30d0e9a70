"""Every question, asked of a run whose answers were worked out by hand."""

from decimal import Decimal

import pytest

from projections.queries.data_quality import refused_rows, silent_stretches, tick_quality
from projections.queries.drawdowns import drawdowns
from projections.queries.equity import equity_curve
from projections.queries.exposure import exposure
from projections.queries.latency import latency_by_stage
from projections.queries.mark_outs import mark_outs
from projections.queries.round_trips import round_trips
from projections.queries.runs import runs
from projections.queries.slippage import slippage
from projections.queries.vetoes import veto_reasons, vetoes
from projections.queries.withheld import withheld_reasons
from projections.store.port import Store
from tests.projections.queries.story import INSTRUMENT, RUN, SECONDS, SOURCE, STRATEGY, at

TICK = 0.00001


def test_lists_the_run_with_what_happened_in_it(told: Store) -> None:
    (run,) = runs(told)
    assert (run.run, run.cell, run.ended, run.starts) == (RUN, "fx", "finished", 1)
    assert (run.signals, run.vetoes, run.fills) == (4, 2, 4)
    assert (run.code_hash, run.config_hash, run.program_version) == ("c0de", "c0f1", "0.1")
    assert run.started_ns == at(0) + 1_000_000


def test_a_round_trip_goes_from_flat_to_flat_and_a_reversal_is_two(told: Store) -> None:
    first, second, third = round_trips(told, RUN)
    assert [first.direction, first.trip] == ["long", 1]
    assert first.quantity == 100
    assert (first.opened_ns, first.closed_ns) == (at(11), at(21))
    assert (first.entry, first.exit) == (Decimal("1.10013"), Decimal("1.10021"))
    assert (first.realised, first.currency) == (Decimal("0.008"), "USD")
    assert [second.direction, second.trip] == ["short", 2]
    assert second.quantity == 200
    assert (second.opened_ns, second.closed_ns) == (at(21), at(31))
    assert (second.entry, second.exit) == (Decimal("1.10021"), Decimal("1.10033"))
    assert second.realised == Decimal("-0.024")
    assert (third.direction, third.closed_ns) == ("long", None)
    assert third.quantity == 50
    assert third.exit is None
    assert third.realised == 0
    assert third.first_fill == "D fill"


def test_the_commission_of_a_reversal_is_shared_by_size(told: Store) -> None:
    costs = [trip.commission for trip in round_trips(told, RUN)]
    assert costs == pytest.approx([0.02 + 0.06 / 3, 0.06 * 2 / 3 + 0.04, 0.01])
    assert [trip.fills for trip in round_trips(told, RUN)] == [2, 2, 1]


def test_a_mark_out_is_how_far_the_mid_went_in_the_fills_favour(told: Store) -> None:
    by_fill = {(m.fill, m.horizon_s): m for m in mark_outs(told, RUN)}
    bought = [by_fill["A fill", horizon].gain for horizon in (1, 10, 60, 300)]
    # Bought at 1.10013 in second 11; the mid of second k is 1.10001 + k ticks.
    assert bought == pytest.approx([0 * TICK, 9 * TICK, 59 * TICK, 299 * TICK], abs=1e-12)
    sold = [by_fill["B fill", horizon].gain for horizon in (1, 10, 60, 300)]
    assert sold == pytest.approx([-2 * TICK, -11 * TICK, -61 * TICK, -301 * TICK], abs=1e-12)
    assert by_fill["A fill", 10].gain_bps == pytest.approx(9 * TICK / 1.10013 * 1e4)
    assert by_fill["A fill", 10].later_mid == pytest.approx(1.10022)


def test_there_is_no_mark_out_beyond_the_end_of_the_data(told: Store) -> None:
    late = [m for m in mark_outs(told, RUN, (1, 5, 6, 300)) if m.fill == "D fill"]
    assert [m.later_mid is None for m in late] == [False, False, True, True]
    assert [m.gain is None for m in late] == [False, False, True, True]


def test_slippage_is_what_a_fill_cost_against_the_market_before_it(told: Store) -> None:
    bought, sold, *_ = slippage(told, RUN)
    assert (bought.decided_ns, bought.arrived_ns, bought.filled_ns) == (at(10), at(11), at(11))
    assert (bought.decided_mid, bought.decided_touch) == (1.10011, 1.10012)
    assert (bought.arrived_mid, bought.arrived_touch) == (1.10012, 1.10013)
    costs = (bought.cost_to_decided_mid, bought.cost_to_decided_touch)
    assert costs == pytest.approx((2 * TICK, 1 * TICK), abs=1e-12)
    assert bought.cost_to_arrived_touch == 0
    # Sold at the bid of second 21, after a decision in second 20: the market came towards it.
    assert sold.cost_to_decided_touch == pytest.approx(-1 * TICK, abs=1e-12)
    assert sold.cost_to_arrived_mid == pytest.approx(1 * TICK, abs=1e-12)


def test_the_equity_curve_has_a_point_a_valuation(told: Store) -> None:
    points = equity_curve(told, RUN)
    assert [int(point.equity) for point in points] == [1000, 1010, 990, 1010, 1000, 1020, 1015]
    assert (points[0].ts, points[-1].ts) == (at(50), at(600))
    assert {point.leverage for point in points} == {2.0}


def test_the_equity_curve_of_minutes_keeps_the_last_point_of_each(told: Store) -> None:
    points = equity_curve(told, RUN, bucket_s=60)
    assert [(p.ts, int(p.equity)) for p in points] == [
        (at(50), 1000),
        (at(99), 1020),
        (at(600), 1015),
    ]


def test_a_drawdown_lasts_until_the_peak_is_reached_again(told: Store) -> None:
    deepest, second, third = drawdowns(told, RUN)
    assert [deepest.peak, deepest.trough] == [1010, 990]
    assert deepest.depth == pytest.approx(20 / 1010)
    assert (deepest.peak_ns, deepest.trough_ns, deepest.recovered_ns) == (at(60), at(70), at(80))
    assert [second.peak, second.trough] == [1010, 1000]
    assert (second.peak_ns, second.trough_ns, second.recovered_ns) == (at(80), at(90), at(99))
    assert [third.peak, third.trough] == [1020, 1015]
    assert third.recovered_ns is None
    assert drawdowns(told, RUN, most=1) == (deepest,)


def test_exposure_is_what_was_held_after_each_fill(told: Store) -> None:
    held = [(each.ts, int(each.quantity), each.price) for each in exposure(told, RUN)]
    assert held == [
        (at(11), 100, Decimal("1.10013")),
        (at(21), -200, Decimal("1.10021")),
        (at(31), 0, Decimal("1.10033")),
        (at(595), 50, Decimal("1.10597")),
    ]


def test_vetoes_are_listed_and_counted_by_rule(told: Store) -> None:
    assert [veto.id for veto in vetoes(told, RUN)] == ["veto 1", "veto 2"]
    (reason,) = veto_reasons(told, RUN)
    assert (reason.rule, reason.count, reason.strategies) == ("position", 2, (STRATEGY,))
    assert (reason.first_ns, reason.last_ns) == (at(40), at(40))


def test_every_check_of_an_order_is_there_passed_or_not(told: Store) -> None:
    checks = told.query(
        "SELECT rule, limit, value, passed FROM checks WHERE run = {run:String} AND id = 'veto 1'"
        " ORDER BY ordinal",
        {"run": RUN},
    )
    assert checks.rows == (("notional", "5000", "110", True), ("position", "1000", "2000", False))


def test_withheld_signals_are_counted_by_rule(told: Store) -> None:
    (reason,) = withheld_reasons(told, RUN)
    assert (reason.author, reason.rule, reason.count) == (STRATEGY, "warm_up", 1)
    assert reason.instrument == INSTRUMENT


def test_latency_is_told_by_stage_on_both_clocks(told: Store) -> None:
    stages = latency_by_stage(told, RUN)
    assert [(stage.name, stage.count) for stage in stages] == [
        ("input → signal", 4),
        ("signal → approval", 4),
        ("approval → submission", 4),
        ("submission → fill", 4),
    ]
    # Events are recorded a millisecond apart; between signal and approval there is the request.
    recorded = [stage.recorded_p50_ns for stage in stages]
    assert recorded == [1_000_000, 2_000_000, 1_000_000, 1_000_000]
    assert [stage.market_max_ns for stage in stages] == [0, 0, at(1) - at(0), 0]


def test_data_quality_counts_what_the_sources_held(told: Store) -> None:
    (quality,) = tick_quality(told, RUN)
    assert (quality.source, quality.instrument, quality.what) == (SOURCE, INSTRUMENT, "quotes")
    assert (quality.rows, quality.first_ns, quality.last_ns) == (SECONDS + 1, at(0), at(SECONDS))
    assert (quality.crossed, quality.locked, quality.out_of_order, quality.repeated) == (0,) * 4


def test_refused_rows_and_gaps_are_told_with_their_place(told: Store) -> None:
    (refused,) = refused_rows(told, RUN)
    assert (refused.file, refused.reason, refused.rows) == ("day.csv", "not_a_number", 2)
    assert (refused.first_row, refused.first_raw) == (3, "y,1.1")
    (gap,) = silent_stretches(told, RUN)
    assert (gap.from_ns, gap.to_ns, gap.expected, gap.missed) == (at(100), at(101), False, None)


@pytest.mark.parametrize(
    "question", [round_trips, mark_outs, slippage, equity_curve, drawdowns, exposure, vetoes]
)
def test_a_run_that_never_was_has_no_answers(told: Store, question: object) -> None:
    assert callable(question)
    assert question(told, "never") == ()


def test_the_view_events_holds_everything_but_ticks_in_order(told: Store) -> None:
    happened = told.query(
        "SELECT position, kind, id, cause FROM events WHERE run = {run:String} ORDER BY seq, idx",
        {"run": RUN},
    ).rows
    assert happened[0] == ("0.0", "cell.started", "started", "started")
    assert happened[1:5] == (
        ("1.0", "market.slice", "A input", "A input"),
        ("1.1", "signal.raised", "A signal", "A input"),
        ("1.2", "order.requested", "A request", "A signal"),
        ("1.3", "order.approved", "A approval", "A request"),
    )
    assert happened[-1][1] == "cell.stopped"
    facts = told.query("SELECT kind, id, author FROM events WHERE run = '' ORDER BY seq").rows
    assert facts[0] == ("market.gap", f"{SOURCE}:601", SOURCE)
    assert [kind for kind, _, _ in facts] == ["market.gap", "market.refused", "market.refused"]
