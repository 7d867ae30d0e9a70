"""One row of a market record, in exact words."""

from decimal import Decimal

import pyarrow as pa

from events.batches import LAYOUTS, BatchKind, MarketRecord, Terms
from events.rows import row_id, row_kind, row_time, row_values
from tests.support.batches import EURUSD, START_NS, quotes


def record(of: BatchKind, terms: Terms, **columns: list[int] | list[str]) -> MarketRecord:
    times = {"ts_event": [START_NS], "ts_init": [START_NS]}
    batch = pa.RecordBatch.from_pydict({**times, **columns}, schema=LAYOUTS[of])
    return MarketRecord(source="source", first=7, kind=of, terms=terms, batch=batch)


def test_a_quote_has_its_prices_in_their_precision() -> None:
    whole = MarketRecord(
        source="fxcm", first=100, kind=BatchKind.QUOTES, terms=EURUSD, batch=quotes(100, 5)
    )
    assert (row_id(whole, 3), row_time(whole, 3), row_kind(whole, 3)) == (
        "fxcm:103",
        START_NS + 103,
        "market.quote",
    )
    assert row_values(whole, 3) == {
        "instrument": "EUR/USD.FXCM",
        "bid": Decimal("0.00103"),
        "ask": Decimal("0.00105"),
        "bid_size": Decimal(1_000_000),
        "ask_size": Decimal(1_000_000),
    }


def test_a_trade_says_whose_initiative_it_was() -> None:
    terms = Terms(instrument="BTC/USD.X", price_precision=1, size_precision=3)
    trade = record(
        BatchKind.TRADES, terms, price=[432105], size=[1500], aggressor=[-1], trade_id=["t9"]
    )
    assert row_values(trade, 0) == {
        "instrument": "BTC/USD.X",
        "price": Decimal("43210.5"),
        "size": Decimal("1.500"),
        "aggressor": "sell",
        "trade_id": "t9",
    }


def test_a_bar_names_its_interval() -> None:
    terms = Terms(instrument="SPY.ARCA", price_precision=2, interval="1m")
    bar = record(
        BatchKind.TRADE_BARS, terms, open=[100], high=[120], low=[90], close=[110], volume=[5]
    )
    assert row_kind(bar, 0) == "market.trade_bar"
    assert row_values(bar, 0) == {
        "instrument": "SPY.ARCA",
        "interval": "1m",
        "open": Decimal("1.00"),
        "high": Decimal("1.20"),
        "low": Decimal("0.90"),
        "close": Decimal("1.10"),
        "volume": Decimal(5),
    }


def test_a_fact_says_what_was_recorded() -> None:
    fact = record(
        BatchKind.FACTS,
        Terms(),
        kind=["market.refused"],
        version=[1],
        payload=['{"reason":"crossed","row":12}'],
    )
    assert row_kind(fact, 0) == "market.refused"
    assert row_values(fact, 0) == {"reason": "crossed", "row": 12}
