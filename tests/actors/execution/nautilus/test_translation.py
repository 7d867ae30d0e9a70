"""Instruments into Nautilus' words, and its words about orders back into ours."""

from decimal import Decimal

import msgspec
import pytest
from nautilus_trader import core, model

from actors.execution.nautilus.book import WorkingOrder
from actors.execution.nautilus.errors import VenueSetupError
from actors.execution.nautilus.translate.answers import to_answer
from actors.execution.nautilus.translate.instruments import to_instrument
from actors.execution.nautilus.translate.numbers import from_money, to_money
from schemas.market import AssetClass, Instrument
from schemas.order import OrderTriggered, OrderType, Side
from schemas.quantities import Money
from tests.support.recorded import EURUSD, FILUSDT, GC, SPY, XAUUSD

SPOT = msgspec.structs.replace(FILUSDT, id="FIL/USDT.BINANCE", asset_class=AssetClass.CRYPTO_SPOT)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (EURUSD, model.CurrencyPair),
        (SPOT, model.CurrencyPair),
        (XAUUSD, model.Cfd),
        (SPY, model.Equity),
        (GC, model.FuturesContract),
        (FILUSDT, model.CryptoPerpetual),
    ],
    ids=lambda value: getattr(value, "asset_class", None),
)
def test_an_instrument_keeps_its_terms(ours: Instrument, theirs: type) -> None:
    made = to_instrument(ours)
    assert isinstance(made, theirs)
    assert str(made.id) == ours.id
    assert made.price_increment.as_decimal() == ours.tick_size
    assert made.size_increment.as_decimal() == ours.lot_size
    assert (made.price_precision, made.size_precision) == (
        ours.price_precision,
        ours.size_precision,
    )
    assert (made.margin_init, made.margin_maint) == (ours.margin_init, ours.margin_maint)
    assert made.quote_currency.code == ours.quote_currency


def test_a_future_keeps_its_multiplier_and_dates() -> None:
    made = to_instrument(GC)
    assert isinstance(made, model.FuturesContract)
    assert made.multiplier.as_decimal() == 100
    assert (made.activation_ns, made.expiration_ns) == (GC.activation, GC.expiry)


def test_a_perpetual_settled_in_its_base_currency_is_inverse() -> None:
    inverse = to_instrument(msgspec.structs.replace(FILUSDT, settlement_currency="FIL"))
    linear = to_instrument(FILUSDT)
    assert isinstance(inverse, model.CryptoPerpetual)
    assert isinstance(linear, model.CryptoPerpetual)
    assert (inverse.is_inverse, linear.is_inverse) == (True, False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (msgspec.structs.replace(EURUSD, base_currency=None), "fx needs a base_currency"),
        (msgspec.structs.replace(SPY, size_precision=2), "traded in whole units"),
        (msgspec.structs.replace(XAUUSD, multiplier=Decimal(10)), "multiplier 1, not 10"),
    ],
)
def test_says_which_term_is_impossible(change: Instrument, message: str) -> None:
    with pytest.raises(VenueSetupError, match=message):
        to_instrument(change)


def test_money_goes_there_and_back() -> None:
    assert from_money(to_money(Decimal("12.34"), "USD")) == Money(Decimal("12.34"), "USD")


WORKING = WorkingOrder(
    client_order_id="O-1",
    strategy="strategies.test",
    instrument=EURUSD.id,
    side=Side.BUY,
    type=OrderType.STOP_LIMIT,
    quantity=Decimal(1000),
    price=Decimal("1.39"),
    trigger=Decimal("1.38"),
    cause="c",
    correlation="c",
)


def test_a_triggered_order_is_told() -> None:
    # The simulation triggers stop-limit orders without a word; a live venue does not.
    event = model.OrderTriggered(
        model.TraderId("TRADER-001"),
        model.StrategyId("WAKELINE-001"),
        model.InstrumentId.from_str(EURUSD.id),
        model.ClientOrderId("O-1"),
        core.UUID4(),
        1,
        1,
        reconciliation=False,
        venue_order_id=model.VenueOrderId("V-7"),
    )
    assert to_answer(event, WORKING) == OrderTriggered(
        client_order_id="O-1",
        instrument=EURUSD.id,
        strategy="strategies.test",
        venue_order_id="V-7",
    )
