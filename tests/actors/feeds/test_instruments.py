"""The catalogue of instruments, and the user's own."""

from decimal import Decimal

import msgspec
import pytest
from nautilus_trader.model import InstrumentId

from actors.feeds.instruments import InstrumentDefinition, UnknownInstrument, find, widened
from schemas.market import AssetClass
from tests.actors.feeds.material import ns

KNOWN = [
    ("eurusd", "fxcm", "EUR/USD.FXCM", AssetClass.FX, 5),
    ("EUR/USD", "FXCM", "EUR/USD.FXCM", AssetClass.FX, 5),
    ("USD-JPY", "DUKASCOPY", "USD/JPY.DUKASCOPY", AssetClass.FX, 3),
    ("xauusd", "oanda", "XAU/USD.OANDA", AssetClass.CFD, 3),
    ("DE30EUR", "OANDA", "DE30/EUR.OANDA", AssetClass.CFD, 1),
    ("spy", "usa", "SPY.USA", AssetClass.EQUITY, 2),
    ("BRK.B", "NYSE", "BRK.B.NYSE", AssetClass.EQUITY, 2),
    ("ESZ13", "CME", "ESZ13.CME", AssetClass.FUTURE, 2),
    ("GCZ13", "COMEX", "GCZ13.COMEX", AssetClass.FUTURE, 1),
    ("btcusd", "coinbase", "BTC/USD.COINBASE", AssetClass.CRYPTO_SPOT, 2),
    ("BTCUSDT", "BINANCE", "BTCUSDT.BINANCE", AssetClass.CRYPTO_SPOT, 2),
    ("BTC/USDT", "BINANCE", "BTCUSDT.BINANCE", AssetClass.CRYPTO_SPOT, 2),
    ("BTCUSDT-PERP", "BINANCE", "BTCUSDT-PERP.BINANCE", AssetClass.CRYPTO_PERPETUAL, 2),
]


@pytest.mark.parametrize(("symbol", "venue", "identity", "asset_class", "precision"), KNOWN)
def test_a_symbol_tells_its_terms(
    symbol: str, venue: str, identity: str, asset_class: AssetClass, precision: int
) -> None:
    found = find(symbol, venue)
    assert (found.id, found.asset_class, found.price_precision) == (
        identity,
        asset_class,
        precision,
    )


@pytest.mark.parametrize(("symbol", "venue", "identity"), [case[:3] for case in KNOWN])
def test_nautilus_parses_every_id_into_its_symbol_and_venue(
    symbol: str, venue: str, identity: str
) -> None:
    parsed = InstrumentId.from_str(identity)
    found = find(symbol, venue)
    assert (str(parsed.symbol), str(parsed.venue)) == (found.symbol, found.venue)


@pytest.mark.parametrize(
    ("code", "multiplier", "tick", "expiry"),
    [
        ("ESZ13", "50", "0.25", "2013-12-20T13:30"),
        ("GCZ13", "100", "0.1", "2013-12-27T18:30"),
        ("6EH24", "125000", "0.00005", "2024-03-18T14:16"),
    ],
)
def test_a_contract_code_tells_multiplier_tick_and_expiry(
    code: str, multiplier: str, tick: str, expiry: str
) -> None:
    found = find(code, "CME")
    assert (found.multiplier, found.tick_size) == (Decimal(multiplier), Decimal(tick))
    assert found.expiry == ns(expiry)


def test_an_unknown_instrument_says_how_to_define_it() -> None:
    with pytest.raises(UnknownInstrument) as raised:
        find("WIDGET", "BAZAAR")
    message = str(raised.value)
    assert "unknown instrument 'WIDGET' at venue 'BAZAAR'" in message
    for needed in ("[[instruments]]", "asset_class", "quote_currency", "price_precision"):
        assert needed in message


def test_the_users_definition_comes_first() -> None:
    raw = {
        "symbol": "EUR/USD",
        "venue": "FXCM",
        "asset_class": "fx",
        "quote_currency": "USD",
        "price_precision": 4,
        "taker_fee": "0.00002",
    }
    definition = msgspec.convert(raw, InstrumentDefinition)
    found = find("eurusd", "fxcm", (definition,))
    assert (found.price_precision, found.tick_size) == (4, Decimal("0.0001"))
    assert found.taker_fee == Decimal("0.00002")


def test_a_definition_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="colour"):
        msgspec.convert({"symbol": "A", "colour": "red"}, InstrumentDefinition)


def test_precision_widens_and_never_narrows() -> None:
    found = find("SPY", "USA")
    assert widened(found, 4).tick_size == Decimal("0.0001")
    assert widened(found, 1) is found
