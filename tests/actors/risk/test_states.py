"""What changes risk's state, and what each state lets through."""

from decimal import Decimal

import pytest

from actors.risk.book import DAY_NS, RiskBook
from schemas.cell import CellStarted
from schemas.identity import event_id
from schemas.operator import OperatorCommanded
from schemas.order import (
    Check,
    OrderApproved,
    OrderCancelRequested,
    OrderRequested,
    OrderType,
    OrderVetoed,
    Side,
    Terms,
)
from schemas.registry import Payload
from schemas.risk import LimitBreached, RiskState, RiskStateChanged
from tests.actors.risk.desk import LIVE, ask, desk, hold, of_kind, passes, worth
from tests.support.rules import Scenario
from tests.support.trading import ES, EURUSD, USDJPY, bar, fill, requested, ticket

REDUCING = Terms(reduce_only=True)
LIMIT = Terms(type=OrderType.LIMIT, price=Decimal("1.05"))
BRACKET = Terms(stop_loss=Decimal(1), take_profit=Decimal(2))


def command(told: Scenario[RiskBook], name: str) -> list[Payload]:
    return told.when(OperatorCommanded(command=name, arguments={}, operator="ada"))


def cancelled(said: list[Payload]) -> list[str]:
    return [cancel.client_order_id for cancel in of_kind(said, OrderCancelRequested)]


def test_a_drawdown_beyond_its_limit_halts_and_says_so() -> None:
    told = desk(max_drawdown=Decimal("0.1"))
    assert told.when(worth(90_000)) == []
    assert told.when(worth(89_999)) == [
        LimitBreached(scope="main", rule="max_drawdown", limit="0.1", value="0.10001"),
        RiskStateChanged(
            before=RiskState.NORMAL,
            after=RiskState.HALTED,
            reason="max_drawdown: 0.10001 is beyond 0.1",
        ),
    ]
    assert not passes(told, ticket(EURUSD, 1))
    told.assert_recovers()


def test_drawdown_is_measured_from_the_highest_equity() -> None:
    told = desk(max_drawdown=Decimal("0.1")).given(worth(200_000))
    assert of_kind(told.when(worth(179_000)), RiskStateChanged)


def test_a_breach_is_told_once() -> None:
    told = desk(max_drawdown=Decimal("0.1")).given(worth(80_000))
    assert told.when(worth(70_000)) == []


def test_vetoes_an_order_that_would_add_to_a_drawdown_beyond_the_limit() -> None:
    told = desk(max_drawdown=Decimal("0.1"), on_drawdown="reduce_only")
    hold(told, EURUSD, 1000)
    told.given(worth(80_000))
    assert told.state.mode is RiskState.REDUCE_ONLY
    assert not passes(told, ticket(EURUSD, 1, name="a"))
    assert passes(told, ticket(EURUSD, -1000, name="b"))


def test_a_stricter_state_is_not_loosened_by_a_drawdown() -> None:
    told = desk(max_drawdown=Decimal("0.1"), on_drawdown="reduce_only")
    command(told, "risk.halt")
    assert told.when(worth(80_000)) == []


@pytest.mark.parametrize(
    ("signed", "terms", "approved"),
    [
        (-1000, Terms(), True),
        (-999, Terms(), True),
        (-1001, Terms(), False),
        (-2000, Terms(), False),
        (-1001, REDUCING, True),
        (1, Terms(), False),
        (1, REDUCING, False),
        (-1000, BRACKET, False),
    ],
)
def test_reduce_only_lets_nothing_pass_that_adds_or_turns(
    signed: int, terms: Terms, approved: bool
) -> None:
    told = desk()
    hold(told, EURUSD, 1000)
    command(told, "risk.reduce_only")
    assert passes(told, ticket(EURUSD, signed, terms=terms)) is approved


def test_orders_that_reduce_together_cannot_turn_the_position() -> None:
    told = desk()
    hold(told, EURUSD, 1000)
    command(told, "risk.reduce_only")
    assert passes(told, ticket(EURUSD, -600, name="a"))
    assert not passes(told, ticket(EURUSD, -600, name="b"))
    assert passes(told, ticket(EURUSD, -400, name="c"))


def test_until_the_cell_is_live_it_may_only_reduce() -> None:
    told = desk()
    hold(told, EURUSD, -1000)
    told.given(CellStarted(code_hash="", config_hash="", deciders=(), configuration="", version=""))
    assert not passes(told, ticket(EURUSD, -1, name="a"))
    assert passes(told, ticket(EURUSD, 1000, name="b"))
    assert passes(told.given(LIVE), ticket(USDJPY, 1, name="c"))


def test_an_operator_halts_and_resumes() -> None:
    told = desk()
    assert command(told, "risk.halt") == [
        RiskStateChanged(before=RiskState.NORMAL, after=RiskState.HALTED, reason="risk.halt by ada")
    ]
    assert command(told, "risk.halt") == []
    assert not passes(told, ticket(EURUSD, 1, name="a"))
    assert of_kind(command(told, "risk.resume"), RiskStateChanged)[0].after is RiskState.NORMAL
    assert passes(told, ticket(EURUSD, 1, name="b"))


def test_commands_for_others_are_not_obeyed() -> None:
    assert command(desk(), "strategy.retire") == []


def test_after_an_operator_resumes_losses_are_measured_anew() -> None:
    told = desk(max_drawdown=Decimal("0.1")).given(worth(80_000))
    command(told, "risk.resume")
    assert told.when(worth(75_000)) == []
    assert passes(told, ticket(EURUSD, 1))
    assert of_kind(told.when(worth(71_000)), LimitBreached)


def test_halting_withdraws_what_may_open_and_keeps_the_stops() -> None:
    told = desk()
    entry = ticket(EURUSD, 1000, name="entry", terms=BRACKET)
    assert passes(told, entry)
    told.given(fill(entry, "1.1"))
    assert passes(told, ticket(EURUSD, 1000, name="waiting", terms=LIMIT))
    assert cancelled(command(told, "risk.halt")) == ["waiting"]


def test_flattening_withdraws_everything_and_closes_every_position() -> None:
    told = desk()
    entry = ticket(EURUSD, 1000, name="entry", terms=BRACKET)
    assert passes(told, entry)
    told.given(fill(entry, "1.1"))
    hold(told, ES, -3)
    said = command(told, "risk.flatten")
    assert cancelled(said) == ["entry-SL", "entry-TP"]
    closing = [request.ticket for request in of_kind(said, OrderRequested)]
    assert [approval.ticket for approval in of_kind(said, OrderApproved)] == closing
    assert [(of.instrument, of.side, of.quantity) for of in closing] == [
        (EURUSD.id, Side.SELL, Decimal(1000)),
        (ES.id, Side.BUY, Decimal(3)),
    ]
    assert all(of.terms.reduce_only for of in closing)
    told.assert_recovers()


def test_a_halt_may_be_configured_to_flatten() -> None:
    told = desk(max_drawdown=Decimal("0.1"), flatten_on_halt=True)
    hold(told, EURUSD, 1000)
    (request,) = of_kind(told.when(worth(80_000)), OrderRequested)
    assert (request.ticket.side, request.ticket.quantity) == (Side.SELL, Decimal(1000))


def test_asking_twice_to_flatten_closes_once() -> None:
    told = desk()
    hold(told, EURUSD, 1000)
    command(told, "risk.flatten")
    assert command(told, "risk.flatten") == []


def test_what_a_late_fill_opens_while_flattening_is_closed_too() -> None:
    told = desk()
    late = ticket(EURUSD, 500, name="late")
    assert passes(told, late)
    command(told, "risk.flatten")
    (request,) = of_kind(told.when(fill(late, "1.1", quantity="200")), OrderRequested)
    assert (request.ticket.side, request.ticket.quantity) == (Side.SELL, Decimal(500))


def test_every_strategy_is_closed_also_where_two_hold_against_each_other() -> None:
    told = desk()
    hold(told, EURUSD, 1000)
    hold(told, EURUSD, -400, "donchian")
    hold(told, ES, 2)
    hold(told, ES, -2, "donchian")
    closing = [request.ticket for request in of_kind(command(told, "risk.flatten"), OrderRequested)]
    assert [(of.strategy, of.instrument, of.side, of.quantity) for of in closing] == [
        ("ema", EURUSD.id, Side.SELL, Decimal(1000)),
        ("donchian", EURUSD.id, Side.BUY, Decimal(400)),
        ("ema", ES.id, Side.SELL, Decimal(2)),
        ("donchian", ES.id, Side.BUY, Decimal(2)),
    ]
    assert all(of.terms.reduce_only for of in closing)


def test_closing_orders_are_named_by_the_ids_of_their_requests() -> None:
    told = desk()
    hold(told, EURUSD, 1000)
    hold(told, ES, 1)
    said = command(told, "risk.flatten")
    cause = told.last_id
    assert len(of_kind(said, OrderRequested)) == 2
    for ordinal, answer in enumerate(said):
        if isinstance(answer, OrderRequested):
            assert answer.ticket.client_order_id == event_id("risk.pre_trade", cause, ordinal)


def test_a_days_loss_beyond_its_limit_stops_opening_until_the_next_day() -> None:
    told = desk(max_daily_loss=Decimal(1000))
    hold(told, EURUSD, 1000)
    assert passes(told, ticket(USDJPY, 1, name="waiting", terms=LIMIT))
    said = told.at(DAY_NS // 2).when(worth(98_999))
    assert of_kind(said, LimitBreached) == [
        LimitBreached(scope="main", rule="max_daily_loss", limit="1000", value="1001")
    ]
    assert cancelled(said) == ["waiting"]
    assert told.when(worth(98_998)) == []
    assert not passes(told, ticket(EURUSD, 1, name="a"))
    assert passes(told, ticket(EURUSD, -1, name="b"))
    assert told.at(DAY_NS).when(worth(98_900)) == []
    assert passes(told, ticket(EURUSD, 1, name="c"))


def test_what_a_night_cost_belongs_to_the_new_day() -> None:
    told = desk(max_daily_loss=Decimal(1000))
    assert of_kind(told.at(DAY_NS).when(worth(98_999)), LimitBreached)


def test_its_own_requests_are_not_judged_again() -> None:
    told = desk()
    assert told.when(requested(ticket(EURUSD, 1)), author="risk.pre_trade") == []


def test_prices_and_unrelated_facts_have_no_answer() -> None:
    assert desk().when(bar(EURUSD, "1.2")) == []


@pytest.mark.parametrize("stopping", ["cell.pause", "cell.drain"])
def test_a_paused_cell_opens_nothing_and_still_reduces(stopping: str) -> None:
    told = desk()
    hold(told, EURUSD, 1000)
    assert command(told, stopping) == []
    vetoed = ask(told, ticket(EURUSD, 1, name="a"))
    assert isinstance(vetoed, OrderVetoed)
    assert vetoed.failed == Check("paused", "resumed", "paused")
    assert passes(told, ticket(EURUSD, -1000, name="b"))
    told.assert_recovers()


def test_a_resumed_cell_opens_again_and_its_approvals_say_nothing_of_the_pause() -> None:
    told, never_paused = desk(), desk()
    command(told, "cell.pause")
    assert not passes(told, ticket(EURUSD, 1, name="a"))
    command(told, "cell.resume")
    order = ticket(EURUSD, 1, name="b")
    assert ask(told, order) == ask(never_paused, order)


def test_resuming_risk_does_not_resume_a_paused_cell() -> None:
    told = desk()
    command(told, "cell.pause")
    command(told, "risk.halt")
    command(told, "risk.resume")
    assert not passes(told, ticket(EURUSD, 1))


@pytest.mark.parametrize("command_name", ["risk.reduce_only", "risk.resume"])
def test_who_may_only_tighten_leads_nobody_out_of_a_halt(command_name: str) -> None:
    told = desk()
    command(told, "risk.halt")
    tightening = OperatorCommanded(
        command=command_name, arguments={"tightens": "max_drawdown"}, operator="desk"
    )
    assert told.when(tightening) == []
    assert told.state.mode is RiskState.HALTED
