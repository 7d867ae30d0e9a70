from decimal import Decimal

import pytest

from actors.portfolio.sizes import SizingConfig, SizingMethod
from actors.portfolio.sizing import Sizing, SizingState
from schemas.cell import CellLive, CellStarted
from schemas.envelope import Event
from schemas.identity import event_id
from schemas.order import (
    Check,
    OrderApproved,
    OrderCancelled,
    OrderCancelRequested,
    OrderRequested,
    OrderType,
    OrderVetoed,
    Side,
    Terms,
    Ticket,
)
from schemas.portfolio import PortfolioValued
from schemas.registry import Payload
from schemas.signal import SignalRaised, SignalWithheld
from tests.support.rules import Scenario
from tests.support.trading import (
    BTCUSD,
    ES,
    EURUSD,
    MINUTE_NS,
    USDJPY,
    bar,
    fill,
    requested,
    signal,
    ticket,
)

BRACKET = Terms(stop_loss=Decimal("1.09"), take_profit=Decimal("1.12"))
LIVE = CellLive(recovered_steps=0)


def config(method: str = "fixed", value: str = "1000", **more: object) -> SizingConfig:
    return SizingConfig(method=SizingMethod(method), value=Decimal(value), **more)  # type: ignore[arg-type]


def scenario(sizing: SizingConfig = config()) -> Scenario[SizingState]:  # noqa: B008 -- frozen
    return Scenario(Sizing(sizing)).given(EURUSD, USDJPY, BTCUSD, ES, LIVE, bar(EURUSD, "1.1"))


def worth(equity: str, currency: str = "USD") -> PortfolioValued:
    amount = Decimal(equity)
    return PortfolioValued(
        account="main",
        currency=currency,
        balance=amount,
        unrealised=Decimal(0),
        equity=amount,
        exposure=Decimal(0),
        peak=amount,
        drawdown=0.0,
    )


def order(said: list[Payload]) -> Ticket:
    (request,) = said
    assert isinstance(request, OrderRequested)
    return request.ticket


def traded(told: Scenario[SizingState], raised: SignalRaised, price: str = "1.1") -> Ticket:
    """A signal whose order is approved and filled."""
    of = order(told.when(raised, author="ema"))
    told.given(OrderApproved(ticket=of, checks=()), fill(of, price, trade_id=of.client_order_id))
    return of


def held(told: Scenario[SizingState], quantity: str) -> None:
    of = ticket(EURUSD, quantity, name=f"old{quantity}")
    told.given(fill(of, "1.1", trade_id=of.client_order_id))


def cancelled(said: list[Payload]) -> list[str]:
    return [a.client_order_id for a in said if isinstance(a, OrderCancelRequested)]


@pytest.mark.parametrize(
    ("direction", "held_before", "side", "quantity"),
    [
        ("long", "0", Side.BUY, 1000),
        ("short", "0", Side.SELL, 1000),
        ("long", "400", Side.BUY, 600),
        ("long", "1500", Side.SELL, 500),
        ("short", "1000", Side.SELL, 2000),
        ("long", "-1000", Side.BUY, 2000),
        ("flat", "700", Side.SELL, 700),
        ("flat", "-700", Side.BUY, 700),
    ],
)
def test_a_target_is_reached_by_one_order_of_the_net_difference(
    direction: str, held_before: str, side: Side, quantity: int
) -> None:
    told = scenario()
    held(told, held_before)
    of = order(told.when(signal(EURUSD, direction), author="ema"))  # type: ignore[arg-type]
    assert (of.side, of.quantity, of.strategy) == (side, Decimal(quantity), "ema")


def test_an_order_is_named_by_the_id_of_its_request() -> None:
    told = scenario()
    raised = Event(
        id="signal",
        author="ema",
        cause="bar",
        correlation="bar",
        ts=0,
        ts_recorded=0,
        payload=signal(EURUSD, "long"),
    )
    assert order(told.tell(raised)).client_order_id == event_id("sizing", "signal", 0)


def test_a_signal_that_is_said_twice_is_traded_once() -> None:
    told = scenario()
    told.when(signal(EURUSD, "long"), author="ema")
    assert told.when(signal(EURUSD, "long"), author="ema") == [
        SignalWithheld(
            instrument=EURUSD.id, direction="long", rule="target", limit="1000", value="1000"
        )
    ]


def test_an_entry_that_waits_at_its_price_counts_towards_the_target() -> None:
    told = scenario()
    limit = Terms(type=OrderType.LIMIT, price=Decimal("1.09"))
    told.when(signal(EURUSD, "long", terms=limit), author="ema")
    (withheld,) = told.when(signal(EURUSD, "long", terms=limit), author="ema")
    assert isinstance(withheld, SignalWithheld)


def test_a_vetoed_order_does_not_count_towards_the_target() -> None:
    told = scenario()
    of = order(told.when(signal(EURUSD, "long"), author="ema"))
    told.given(OrderVetoed(ticket=of, failed=Check("max_position", "0", "1000")))
    assert order(told.when(signal(EURUSD, "long"), author="ema")).quantity == 1000


def test_a_cancelled_order_does_not_count_towards_the_target() -> None:
    told = scenario()
    of = order(told.when(signal(EURUSD, "long"), author="ema"))
    told.given(
        OrderApproved(ticket=of, checks=()),
        fill(of, "1.1", quantity="300"),
        OrderCancelled(client_order_id=of.client_order_id, instrument=EURUSD.id, strategy="ema"),
    )
    assert order(told.when(signal(EURUSD, "long"), author="ema")).quantity == 700


def test_strategies_have_positions_of_their_own() -> None:
    told = scenario()
    traded(told, signal(EURUSD, "long"))
    assert order(told.when(signal(EURUSD, "long"), author="donchian")).quantity == 1000


def test_an_order_intent_trades_whatever_is_held() -> None:
    told = scenario()
    held(told, "1000")
    raised = signal(EURUSD, "long", intent="order", quantity="250")
    assert order(told.when(raised, author="ema")).quantity == 250


@pytest.mark.parametrize(
    ("sizing", "raised", "units"),
    [
        (config("fixed", "1500"), signal(EURUSD, "long"), "1500"),
        (config("fixed", "1500"), signal(EURUSD, "long", quantity="77.9"), "77"),
        (config("notional", "1000"), signal(EURUSD, "long"), "909"),
        (config("notional", "1000"), signal(USDJPY, "long"), "1000"),
        (config("equity_fraction", "0.02"), signal(EURUSD, "long"), "909"),
        (config("equity_fraction", "1"), signal(BTCUSD, "long"), "0.823"),
        (config("equity_fraction", "4"), signal(ES, "short"), "2"),
        (config("risk_fraction", "0.01"), signal(EURUSD, "long", terms=BRACKET), "50000"),
        (
            config("risk_fraction", "0.01"),
            signal(EURUSD, "long", terms=Terms(stop_loss_trail=Decimal("0.02"))),
            "25000",
        ),
        (
            config("risk_fraction", "0.01"),
            signal(
                EURUSD,
                "long",
                terms=Terms(
                    type=OrderType.LIMIT, price=Decimal("1.095"), stop_loss=Decimal("1.09")
                ),
            ),
            "100000",
        ),
        (
            config("fixed", "1000", scale_by_strength=True),
            signal(EURUSD, "long", strength=0.3),
            "300",
        ),
    ],
)
def test_sizes_are_rounded_down_to_the_lot(
    sizing: SizingConfig, raised: SignalRaised, units: str
) -> None:
    told = scenario(sizing).given(worth("50000"))
    told.given(bar(USDJPY, "100"), bar(BTCUSD, "60700"), bar(ES, "1680"))
    assert order(told.when(raised, author="ema")).quantity == Decimal(units)


def test_volatility_sizing_makes_an_average_move_worth_a_fraction_of_equity() -> None:
    told = scenario(config("volatility", "0.001", lookback=2, interval="5m")).given(worth("50000"))
    closes = ["1.1000", "1.1010", "1.0980"]
    for close in closes:
        told.given(bar(EURUSD, close, interval="5m"), bar(EURUSD, "9.9", interval="1m"))
    # The moves are 10 and 30 pips, on average 0.002; 50 dollars are a thousandth of equity.
    assert order(told.when(signal(EURUSD, "long"), author="ema")).quantity == 25000


def test_volatility_sizing_waits_until_it_has_seen_enough_bars() -> None:
    told = scenario(config("volatility", "0.001", lookback=2)).given(worth("50000"))
    told.given(bar(EURUSD, "1.2"))
    assert rule(told.when(signal(EURUSD, "long"), author="ema")) == "volatility"


def rule(said: list[Payload]) -> str:
    (withheld,) = said
    assert isinstance(withheld, SignalWithheld)
    return withheld.rule


@pytest.mark.parametrize(
    ("sizing", "raised", "withheld_by"),
    [
        (config(), signal(EURUSD, "long", quantity="0.5"), "lot_size"),
        (config(), signal(EURUSD, "flat", intent="order"), "direction"),
        (config(), signal(EURUSD, "flat", intent="cancel"), "cancel"),
        (config(), signal(EURUSD, "flat"), "target"),
        (config("notional"), signal(EURUSD, "long"), "valuation"),
        (config("equity_fraction"), signal(EURUSD, "long"), "equity"),
        (config("risk_fraction", "0.01"), signal(EURUSD, "long"), "stop_loss"),
    ],
)
def test_a_signal_that_cannot_be_traded_says_why(
    sizing: SizingConfig, raised: SignalRaised, withheld_by: str
) -> None:
    assert rule(scenario(sizing).when(raised, author="ema")) == withheld_by


def test_an_instrument_without_a_price_is_not_sized_by_it() -> None:
    told = scenario(config("notional")).given(worth("50000"))
    assert rule(told.when(signal(ES, "long"), author="ema")) == "price"


def test_a_currency_without_a_price_is_not_sized_by_it() -> None:
    told = scenario(config("notional")).given(worth("50000", "GBP"))
    assert rule(told.when(signal(EURUSD, "long"), author="ema")) == "conversion"


def test_an_instrument_without_terms_is_not_traded() -> None:
    told = Scenario(Sizing(config())).given(LIVE)
    assert rule(told.when(signal(EURUSD, "long"), author="ema")) == "instrument"


def test_while_the_cell_recovers_positions_are_only_reduced() -> None:
    told = scenario()
    held(told, "1000")
    told.given(CellStarted(code_hash="", config_hash="", deciders=(), configuration="", version=""))
    assert rule(told.when(signal(EURUSD, "short"), author="ema")) == "recovering"
    assert order(told.when(signal(EURUSD, "flat"), author="ema")).quantity == 1000


def test_an_order_says_how_long_it_may_wait_to_be_sent() -> None:
    of = order(scenario().at(MINUTE_NS).when(signal(EURUSD, "long"), author="ema"))
    assert of.valid_until == 2 * MINUTE_NS
    forever = scenario(config(valid_for_ms=None))
    assert order(forever.when(signal(EURUSD, "long"), author="ema")).valid_until is None


def test_going_flat_withdraws_the_protective_legs_once_risk_has_approved() -> None:
    told = scenario()
    entry = traded(told, signal(EURUSD, "long", terms=BRACKET))
    exit_ = order(told.when(signal(EURUSD, "flat"), author="ema"))
    assert exit_.terms.reduce_only
    said = told.when(OrderApproved(ticket=exit_, checks=()))
    assert cancelled(said) == [f"{entry.client_order_id}-SL", f"{entry.client_order_id}-TP"]
    told.assert_recovers()


def test_a_vetoed_exit_leaves_its_stop_in_place() -> None:
    told = scenario()
    traded(told, signal(EURUSD, "long", terms=BRACKET))
    exit_ = order(told.when(signal(EURUSD, "flat"), author="ema"))
    assert told.when(OrderVetoed(ticket=exit_, failed=Check("state", "normal", "halted"))) == []


def test_turning_withdraws_the_old_legs_and_keeps_the_new() -> None:
    told = scenario()
    entry = traded(told, signal(EURUSD, "long", terms=BRACKET))
    down = Terms(stop_loss=Decimal("1.12"), take_profit=Decimal("1.09"))
    turn = order(told.when(signal(EURUSD, "short", terms=down), author="ema"))
    assert (turn.quantity, turn.terms) == (Decimal(2000), down)
    said = told.when(OrderApproved(ticket=turn, checks=()))
    assert cancelled(said) == [f"{entry.client_order_id}-SL", f"{entry.client_order_id}-TP"]


def test_adding_to_a_position_keeps_its_legs() -> None:
    told = scenario()
    traded(told, signal(EURUSD, "long", quantity="400", terms=BRACKET))
    more = order(told.when(signal(EURUSD, "long", terms=BRACKET), author="ema"))
    assert more.quantity == 600
    assert told.when(OrderApproved(ticket=more, checks=())) == []


def test_reducing_a_position_has_no_legs_of_its_own() -> None:
    told = scenario()
    held(told, "1500")
    less = order(told.when(signal(EURUSD, "long", terms=BRACKET), author="ema"))
    assert (less.side, less.quantity) == (Side.SELL, Decimal(500))
    assert (less.terms.is_bracket, less.terms.reduce_only) == (False, True)


def test_turning_withdraws_an_entry_that_waits_on_the_other_side() -> None:
    told = scenario()
    limit = Terms(type=OrderType.LIMIT, price=Decimal("1.09"))
    waiting = order(told.when(signal(EURUSD, "long", terms=limit), author="ema"))
    told.given(OrderApproved(ticket=waiting, checks=()))
    turn = order(told.when(signal(EURUSD, "short"), author="ema"))
    assert turn.quantity == 1000
    said = told.when(OrderApproved(ticket=turn, checks=()))
    assert cancelled(said) == [waiting.client_order_id]


def test_going_flat_with_nothing_held_withdraws_what_could_still_open() -> None:
    told = scenario()
    limit = Terms(type=OrderType.LIMIT, price=Decimal("1.09"))
    waiting = order(told.when(signal(EURUSD, "long", terms=limit), author="ema"))
    assert cancelled(told.when(signal(EURUSD, "flat"), author="ema")) == [waiting.client_order_id]


def test_an_exit_that_waits_for_a_price_leaves_the_stop_in_place() -> None:
    told = scenario()
    traded(told, signal(EURUSD, "long", terms=BRACKET))
    limit = Terms(type=OrderType.LIMIT, price=Decimal("1.15"))
    waiting = order(told.when(signal(EURUSD, "flat", terms=limit), author="ema"))
    assert told.when(OrderApproved(ticket=waiting, checks=())) == []


def test_an_exit_is_not_reduce_only_where_the_account_does_not_cover_it() -> None:
    told = scenario()
    held(told, "1000")
    other = ticket(EURUSD, -1000, name="other", strategy="donchian")
    told.given(fill(other, "1.1", trade_id="T-other"))
    exit_ = order(told.when(signal(EURUSD, "flat"), author="ema"))
    assert not exit_.terms.reduce_only


def test_an_order_intent_withdraws_nothing() -> None:
    told = scenario()
    traded(told, signal(EURUSD, "long", terms=BRACKET))
    of = order(told.when(signal(EURUSD, "short", intent="order"), author="ema"))
    assert told.when(OrderApproved(ticket=of, checks=())) == []


def test_cancel_withdraws_the_strategys_orders_in_the_instrument_only() -> None:
    told = scenario()
    limit = Terms(type=OrderType.LIMIT, price=Decimal("1.09"))
    told.given(
        requested(ticket(EURUSD, 100, name="mine", terms=limit)),
        requested(ticket(USDJPY, 100, name="elsewhere", terms=limit)),
        requested(ticket(EURUSD, 100, name="theirs", strategy="donchian", terms=limit)),
    )
    said = told.when(signal(EURUSD, "flat", intent="cancel"), author="ema")
    assert cancelled(said) == ["mine"]


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("fixed", "0"),
        ("fixed", "-5"),
        ("notional", "NaN"),
        ("risk_fraction", "1.5"),
        ("volatility", "1000"),
    ],
)
def test_a_value_that_sizes_nothing_or_loses_everything_is_refused(method: str, value: str) -> None:
    with pytest.raises(ValueError, match="`value`"):
        config(method, value)


@pytest.mark.parametrize("field", ["lookback", "valid_for_ms"])
def test_a_span_of_nothing_is_refused(field: str) -> None:
    with pytest.raises(ValueError, match=f"`{field}`"):
        config(**{field: 0})  # type: ignore[arg-type]


def test_notional_may_be_above_equity() -> None:
    assert config("equity_fraction", "3").value == 3
