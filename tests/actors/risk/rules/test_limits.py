"""Each limit: what is measured, that it may be reached, and that it may not be passed."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from actors.risk.book import RiskBook
from actors.risk.limits import RiskLimits
from actors.risk.rules.permission import sound
from actors.risk.verdicts import Case
from schemas.market import Instrument
from schemas.order import OrderApproved, OrderType, OrderVetoed, Terms
from tests.actors.risk.desk import ask, desk, hold, limits, passes, worth
from tests.support.rules import Scenario
from tests.support.trading import ES, EURUSD, MINUTE_NS, USDJPY, bar, fill, pair, ticket

GBPUSD = pair("GBP", "USD")
LIMIT_AT_1 = Terms(type=OrderType.LIMIT, price=Decimal(1))


@pytest.mark.parametrize(
    ("limit", "instrument", "most", "beyond", "value"),
    [
        ({"max_order_quantity": Decimal(1000)}, EURUSD, 1000, 1001, "1001"),
        ({"max_order_notional": Decimal(1100)}, EURUSD, 1000, 1001, "1101.1"),
        ({"max_order_notional": Decimal(1000)}, USDJPY, 1000, -1001, "1001"),
        ({"max_order_notional": Decimal(84_000)}, ES, 1, 2, "168000"),
        ({"max_position": Decimal(1000)}, EURUSD, -1000, -1001, "1001"),
        ({"max_positions": {EURUSD.id: Decimal(10)}}, EURUSD, 10, 11, "11"),
        ({"max_gross_notional": Decimal(1100)}, EURUSD, -1000, -1001, "1101.1"),
        ({"max_leverage": Decimal(11)}, EURUSD, 1_000_000, 1_000_001, "11.000011"),
    ],
)
def test_a_limit_may_be_reached_and_not_passed(
    limit: dict[str, object], instrument: Instrument, most: int, beyond: int, value: str
) -> None:
    assert passes(desk(**limit), ticket(instrument, most))
    vetoed = ask(desk(**limit), ticket(instrument, beyond))
    assert isinstance(vetoed, OrderVetoed)
    (name,) = limit
    assert vetoed.failed.rule == name.replace("max_positions", "max_position")
    assert vetoed.failed.value == value


def test_an_approval_lists_every_rule_that_was_applied() -> None:
    approved = ask(desk(max_position=Decimal(1000)), ticket(EURUSD, 600))
    assert isinstance(approved, OrderApproved)
    applied = [(check.rule, check.limit, check.value) for check in approved.checks]
    assert applied == [
        ("sound", "a positive quantity", "600"),
        ("unique", "not working", "order"),
        ("state", "normal", "normal"),
        ("recovery", "live", "live"),
        ("max_position", "1000", "600"),
    ]


def test_a_veto_lists_the_rules_that_were_passed_before() -> None:
    vetoed = ask(desk(max_position=Decimal(100)), ticket(EURUSD, 600))
    assert isinstance(vetoed, OrderVetoed)
    assert [check.rule for check in vetoed.checks] == ["sound", "unique", "state", "recovery"]


def test_orders_that_work_count_as_if_they_had_traded() -> None:
    told = desk(max_position=Decimal(1000))
    assert passes(told, ticket(EURUSD, 600, name="a", terms=LIMIT_AT_1))
    assert not passes(told, ticket(EURUSD, 600, name="b"))
    assert passes(told, ticket(EURUSD, 400, name="c"))


def test_orders_of_both_sides_are_not_set_off_against_each_other() -> None:
    told = desk(max_position=Decimal(1000))
    assert passes(told, ticket(EURUSD, 1000, name="a", terms=LIMIT_AT_1))
    assert passes(told, ticket(EURUSD, -1000, name="b", terms=LIMIT_AT_1))
    assert not passes(told, ticket(EURUSD, -1, name="c", terms=LIMIT_AT_1))


def test_the_positions_of_all_strategies_count_together() -> None:
    told = desk(max_position=Decimal(1000))
    hold(told, EURUSD, 700, "donchian")
    assert not passes(told, ticket(EURUSD, 301))
    assert passes(told, ticket(EURUSD, 300))


def protected(told: Scenario[RiskBook], signed: int) -> None:
    """A position whose stop-loss and take-profit work."""
    prices = [Decimal(1), Decimal(2)]
    stop_loss, take_profit = prices if signed > 0 else reversed(prices)
    entry = ticket(EURUSD, signed, terms=Terms(stop_loss=stop_loss, take_profit=take_profit))
    assert passes(told, entry)
    told.given(fill(entry, "1.1"))


@pytest.mark.parametrize("sign", [1, -1])
def test_protective_legs_add_nothing_by_themselves(sign: int) -> None:
    told = desk(max_position=Decimal(1500))
    protected(told, sign * 1000)
    assert passes(told, ticket(EURUSD, sign * 500, name="more"))


@pytest.mark.parametrize("sign", [1, -1])
def test_a_turn_counts_the_stop_that_may_trade_before_it(sign: int) -> None:
    told = desk(max_position=Decimal(1500))
    protected(told, sign * 1000)
    assert not passes(told, ticket(EURUSD, -sign * 2000, name="a"))
    assert passes(told, ticket(EURUSD, -sign * 1500, name="b"))


def test_a_position_may_turn_within_the_limit() -> None:
    told = desk(max_position=Decimal(1000))
    hold(told, EURUSD, 1000)
    assert not passes(told, ticket(EURUSD, -2001, name="a"))
    assert passes(told, ticket(EURUSD, -2000, name="b"))


def test_gross_notional_adds_up_instruments_and_sides() -> None:
    told = desk(max_gross_notional=Decimal(3000))
    hold(told, EURUSD, -1000)
    assert not passes(told, ticket(USDJPY, 1901))
    assert passes(told, ticket(USDJPY, 1900))


def test_what_reduces_passes_though_prices_have_carried_the_book_beyond_a_limit() -> None:
    told = desk(max_gross_notional=Decimal(1100), max_leverage=Decimal(1))
    hold(told, EURUSD, 1000)
    told.given(bar(EURUSD, "1.5"), worth(100))
    assert not passes(told, ticket(EURUSD, 1, name="more"))
    assert passes(told, ticket(EURUSD, -1000, name="out"))


@pytest.mark.parametrize(
    "limit",
    [
        {"max_order_notional": Decimal(10**9)},
        {"max_gross_notional": Decimal(10**9)},
        {"max_leverage": Decimal(10**9)},
        {"price_collar": Decimal(1)},
        {"max_price_age_ms": 10**9},
    ],
)
def test_without_a_price_nothing_that_needs_one_is_approved(limit: dict[str, object]) -> None:
    told = desk(**limit).given(GBPUSD)
    of = ticket(GBPUSD, 1, terms=LIMIT_AT_1 if "price_collar" in limit else Terms())
    vetoed = ask(told, of)
    assert isinstance(vetoed, OrderVetoed)
    assert vetoed.failed.value == "unknown"


def test_orders_are_counted_in_a_window_of_market_time() -> None:
    told = desk(max_orders=2, order_window_ms=1000)
    approved = [
        passes(told.at(ts_ms * 1_000_000), ticket(EURUSD, 1, name=str(ts_ms)))
        for ts_ms in (0, 500, 900, 999, 1000, 1400, 1500)
    ]
    assert approved == [True, True, False, False, True, False, True]


@pytest.mark.parametrize(
    ("terms", "approved"),
    [
        (Terms(type=OrderType.LIMIT, price=Decimal("1.045")), True),
        (Terms(type=OrderType.LIMIT, price=Decimal("1.04499")), False),
        (Terms(type=OrderType.LIMIT, price=Decimal("11.0")), False),
        (Terms(type=OrderType.STOP, trigger=Decimal("1.155")), True),
        (Terms(type=OrderType.STOP, trigger=Decimal("1.15501")), False),
        (Terms(type=OrderType.STOP_LIMIT, price=Decimal("1.1"), trigger=Decimal("1.2")), False),
        (Terms(), True),
    ],
)
def test_prices_stay_within_a_collar_around_the_last_mid(terms: Terms, approved: bool) -> None:
    assert passes(desk(price_collar=Decimal("0.05")), ticket(EURUSD, 1, terms=terms)) is approved


def test_a_market_order_needs_a_recent_price() -> None:
    told = desk(max_price_age_ms=60_000)
    assert passes(told.at(MINUTE_NS), ticket(EURUSD, 1, name="a"))
    assert not passes(told.at(MINUTE_NS + 1), ticket(EURUSD, 1, name="b"))
    assert passes(told, ticket(EURUSD, 1, name="c", terms=LIMIT_AT_1))


def test_only_listed_instruments_may_be_opened() -> None:
    told = desk(instruments=(EURUSD.id,))
    hold(told, USDJPY, 100)
    assert passes(told, ticket(EURUSD, 1, name="a"))
    assert not passes(told, ticket(USDJPY, 1, name="b"))
    assert passes(told, ticket(USDJPY, -100, name="c"))


def test_an_order_is_not_sent_after_its_time() -> None:
    assert passes(desk().at(10), ticket(EURUSD, 1, valid_until=10))
    assert not passes(desk().at(11), ticket(EURUSD, 1, valid_until=10))


@pytest.mark.parametrize("quantity", ["0", "-0", "-1"])
def test_an_order_has_a_positive_quantity(quantity: str) -> None:
    assert not passes(desk(), replace(ticket(EURUSD, 1), quantity=Decimal(quantity)))


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_an_order_has_finite_numbers(number: str) -> None:
    # Told directly: what is not a number does not even equal itself after a round trip.
    told, unsound = desk(), Decimal(number)
    for of in (
        replace(ticket(EURUSD, 1), quantity=unsound),
        ticket(EURUSD, 1, terms=Terms(type=OrderType.LIMIT, price=unsound)),
        ticket(EURUSD, 1, terms=Terms(type=OrderType.STOP, trigger=unsound)),
    ):
        case = Case(limits=limits(), book=told.state, ticket=of, now=0)
        assert not sound(case).passed


def test_an_order_of_an_instrument_without_terms_is_vetoed() -> None:
    assert not passes(desk(), ticket(GBPUSD, 1))


def test_two_working_orders_cannot_have_one_name() -> None:
    told = desk()
    assert passes(told, ticket(EURUSD, 1))
    assert not passes(told, ticket(EURUSD, 1))


@pytest.mark.parametrize("name", ["max_drawdown", "price_collar"])
@pytest.mark.parametrize("value", ["10", "1.01", "-0.1", "NaN", "Infinity"])
def test_a_limit_that_is_a_fraction_lies_between_0_and_1(name: str, value: str) -> None:
    limits: dict[str, Any] = {name: Decimal(value)}
    with pytest.raises(ValueError, match=f"`{name}`"):
        RiskLimits(**limits)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_orders", -1),
        ("max_price_age_ms", -1),
        ("order_window_ms", 0),
        ("max_leverage", Decimal("NaN")),
        ("max_positions", {EURUSD.id: Decimal(-1)}),
    ],
)
def test_a_limit_that_cannot_be_one_is_refused_by_name(name: str, value: Any) -> None:
    limits: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=f"`{name}"):
        RiskLimits(**limits)


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="`max_position` must not be negative, is -1"):
        RiskLimits(max_position=Decimal(-1))
