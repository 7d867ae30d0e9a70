"""One row of a market log, in exact words."""

from decimal import Decimal

from events.layouts import BatchKind, Terms
from events.rows import Cell, Row
from tests.support.batches import EURUSD, START_NS


def row(of: BatchKind, terms: Terms, **cells: Cell) -> Row:
    times = {"ts_event": START_NS, "ts_init": START_NS}
    return Row(source="fxcm", seq=103, batch_kind=of, terms=terms, cells={**times, **cells})


def test_a_quote_has_its_prices_in_their_precision() -> None:
    quote = row(BatchKind.QUOTES, EURUSD, bid=103, ask=105, bid_size=1_000_000, ask_size=1_000_000)
    assert (quote.id, quote.ts, quote.kind) == ("fxcm:103", START_NS, "market.quote")
    assert quote.values() == {
        "instrument": "EUR/USD.FXCM",
        "bid": Decimal("0.00103"),
        "ask": Decimal("0.00105"),
        "bid_size": Decimal(1_000_000),
        "ask_size": Decimal(1_000_000),
    }


def test_a_trade_says_whose_initiative_it_was() -> None:
    terms = Terms(instrument="BTC/USD.X", price_precision=1, size_precision=3)
    trade = row(BatchKind.TRADES, terms, price=432105, size=1500, aggressor=-1, trade_id="t9")
    assert trade.values() == {
        "instrument": "BTC/USD.X",
        "price": Decimal("43210.5"),
        "size": Decimal("1.500"),
        "aggressor": "sell",
        "trade_id": "t9",
    }


def test_a_bar_names_its_interval() -> None:
    terms = Terms(instrument="SPY.ARCA", price_precision=2, interval="1m")
    bar = row(BatchKind.TRADE_BARS, terms, open=100, high=120, low=90, close=110, volume=5)
    assert bar.kind == "market.trade_bar"
    assert bar.values() == {
        "instrument": "SPY.ARCA",
        "interval": "1m",
        "open": Decimal("1.00"),
        "high": Decimal("1.20"),
        "low": Decimal("0.90"),
        "close": Decimal("1.10"),
        "volume": Decimal(5),
    }


def test_a_fact_says_what_was_recorded() -> None:
    fact = row(
        BatchKind.FACTS,
        Terms(),
        kind="market.refused",
        version=1,
        payload='{"reason":"crossed","row":12}',
    )
    assert fact.kind == "market.refused"
    assert fact.values() == {"reason": "crossed", "row": 12}
