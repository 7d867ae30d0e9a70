"""Which calendar an instrument trades by."""

from typing import Final

from actors.feeds.calendars.exchange import ExchangeCalendar
from actors.feeds.calendars.weekly import FX_WEEK, GLOBEX_WEEK, METALS_WEEK, AlwaysOpen
from actors.feeds.quality.gap import Calendar
from schemas.market import AssetClass, Instrument

_METALS: Final = ("XAU", "XAG", "XPT", "XPD")
_EXCHANGES: Final = {"LSE": "XLON", "XETRA": "XETR", "TSE": "XTKS", "HKEX": "XHKG", "TSX": "XTSE"}
_NEW_YORK: Final = "XNYS"


def calendar_of(instrument: Instrument) -> Calendar:
    """The calendar by asset class. Equities of a venue that is not known keep New York's hours;
    CFDs on indices are taken to trade round the clock like foreign exchange.
    """
    match instrument.asset_class:
        case AssetClass.CRYPTO_SPOT | AssetClass.CRYPTO_PERPETUAL:
            return AlwaysOpen()
        case AssetClass.EQUITY:
            return ExchangeCalendar(_EXCHANGES.get(instrument.venue, _NEW_YORK))
        case AssetClass.FUTURE:
            return GLOBEX_WEEK
        case AssetClass.CFD if instrument.symbol.startswith(_METALS):
            return METALS_WEEK
        case AssetClass.FX | AssetClass.CFD:
            return FX_WEEK
