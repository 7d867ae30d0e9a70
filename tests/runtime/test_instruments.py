"""Which instruments recorded sources are about, and what can be built from their data."""

from dataclasses import replace
from decimal import Decimal

import pytest

from events.backends.memory.market_log import MemoryMarketLog
from events.batches import BatchKind
from runtime.config import ConfigError
from runtime.instruments import KnownInstrument, known_once
from schemas.market import AssetClass, Instrument, PriceType
from tests.support.batches import EURUSD, quotes

SPY = Instrument(
    id="SPY.USA",
    asset_class=AssetClass.EQUITY,
    quote_currency="USD",
    price_precision=2,
    size_precision=0,
    tick_size=Decimal("0.01"),
    lot_size=Decimal(1),
)


def known(*kinds: BatchKind, decimals: int = 2, source: str = "a") -> KnownInstrument:
    terms = SPY if decimals == 2 else _finer(decimals)
    return KnownInstrument(instrument=terms, source=source, seq=0, ts=0, kinds=frozenset(kinds))


def _finer(decimals: int) -> Instrument:
    return Instrument(
        id=SPY.id,
        asset_class=SPY.asset_class,
        quote_currency="USD",
        price_precision=decimals,
        size_precision=0,
        tick_size=Decimal(1).scaleb(-decimals),
        lot_size=Decimal(1),
    )


@pytest.mark.parametrize(
    ("kinds", "usual", "chosen"),
    [
        ((BatchKind.TRADES,), PriceType.LAST, PriceType.LAST),
        ((BatchKind.QUOTES,), PriceType.LAST, PriceType.MID),
        ((BatchKind.QUOTE_BARS,), PriceType.LAST, PriceType.MID),
        ((BatchKind.TRADE_BARS,), PriceType.MID, PriceType.LAST),
        ((BatchKind.TRADE_BARS, BatchKind.QUOTES), PriceType.LAST, PriceType.LAST),
        ((BatchKind.TRADE_BARS, BatchKind.QUOTES), PriceType.MID, PriceType.MID),
        ((), PriceType.MID, PriceType.MID),
    ],
)
def test_bars_are_built_from_the_usual_price_unless_only_the_other_can_be(
    kinds: tuple[BatchKind, ...], usual: PriceType, chosen: PriceType
) -> None:
    assert known(*kinds).automatic(usual) is chosen


def test_quotes_make_every_price_but_the_last() -> None:
    quoted = known(BatchKind.QUOTES)
    assert {price for price in PriceType if quoted.has(price)} == set(PriceType) - {PriceType.LAST}


def test_sources_of_one_instrument_are_known_once_by_the_finest_terms() -> None:
    trades = known(BatchKind.TRADES, source="trades")
    quoted = known(BatchKind.QUOTES, decimals=4, source="quotes")
    (both,) = known_once([trades, quoted])
    assert both == replace(quoted, kinds=trades.kinds | quoted.kinds)
    assert known_once([quoted, trades]) == (both,)
    assert known_once([trades, trades]) == (trades,)


def test_a_source_that_does_not_begin_with_its_instrument_is_refused() -> None:
    log = MemoryMarketLog()
    with log.open("headless") as writer:
        writer.append(BatchKind.QUOTES, EURUSD, quotes(0, 3), checkpoint=b"")
    with pytest.raises(ConfigError, match="source headless: its first record is no"):
        KnownInstrument.at_head_of(log, "headless")
