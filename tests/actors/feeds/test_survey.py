"""What is found in paths, and what must be said about it."""

from pathlib import Path

import pytest

from actors.feeds.errors import FeedError
from actors.feeds.formats.format import FileOptions
from actors.feeds.instruments import InstrumentDefinition, UnknownInstrument
from actors.feeds.naming import source_name
from actors.feeds.quality.policy import Action, QualityPolicy
from actors.feeds.survey import Wanted, survey
from events.batches import BatchKind
from schemas.market import AssetClass
from tests.actors.feeds.material import FXCM_DAY, LEAN, SAMPLES, file_set, fxcm_ticks, written


def test_all_samples_are_found_each_as_its_own_stream() -> None:
    found = survey([SAMPLES / "lean"], Wanted())
    streams = {(each.instrument.id, each.kind, each.interval) for each in found}
    assert len(streams) == len(found)
    assert ("EUR/USD.OANDA", BatchKind.QUOTES, "") in streams
    assert ("SPY.USA", BatchKind.TRADE_BARS, "1d") in streams
    assert ("GCZ13.COMEX", BatchKind.TRADES, "") in streams


def test_a_missing_path_is_named() -> None:
    with pytest.raises(FeedError, match="nowhere: no such file or directory"):
        survey([Path("nowhere")], Wanted())


def test_a_file_of_no_known_format_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "notes.md", "# notes")
    with pytest.raises(FeedError, match=r"notes\.md: of no known format.*dukascopy, binance, lean"):
        survey([path], Wanted())


def test_other_files_in_a_directory_are_left_alone(tmp_path: Path) -> None:
    written(tmp_path / "notes.md", "# notes")
    fxcm_ticks(tmp_path, "1,1.5,1.6\n")
    assert len(survey([tmp_path], Wanted())) == 1


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(FeedError, match="unknown format 'excel': choose auto, dukascopy"):
        survey([FXCM_DAY], Wanted(files=FileOptions(format="excel")))


def test_a_file_of_another_instrument_is_named() -> None:
    with pytest.raises(FeedError, match="holds eurusd, not GBP/USD"):
        survey([FXCM_DAY], Wanted(instruments=("GBP/USD",)))


def test_an_unknown_instrument_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "time,bid,ask\n1359676800,1.1,1.2\n")
    with pytest.raises(UnknownInstrument, match="unknown instrument 'WIDGET' at venue 'BAZAAR'"):
        survey([path], Wanted(instruments=("WIDGET",), venue="BAZAAR"))


def test_the_users_precision_is_not_widened(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "time,bid,ask\n1359676800,1.12345,1.2\n")
    definition = InstrumentDefinition(
        symbol="WIDGET",
        venue="BAZAAR",
        asset_class=AssetClass.CFD,
        quote_currency="USD",
        price_precision=2,
    )
    wanted = Wanted(instruments=("WIDGET",), venue="BAZAAR", definitions=(definition,))
    (files,) = survey([path], wanted)
    assert files.instrument.price_precision == 2


def test_several_instruments_are_several_sources() -> None:
    found = survey([LEAN / "forex/oanda", LEAN / "cfd"], Wanted(instruments=("EUR/USD", "XAU/USD")))
    assert {each.instrument.symbol for each in found} == {"EUR/USD", "XAU/USD"}


def test_an_interval_that_names_contradict_is_refused() -> None:
    minutes = SAMPLES / "lean" / "forex" / "fxcm" / "minute"
    assert survey([minutes], Wanted(files=FileOptions(interval="60s")))
    with pytest.raises(FeedError, match=r"its bars are of 1m, not of 5m \(--interval\)"):
        survey([minutes], Wanted(files=FileOptions(interval="5m")))


def test_the_venue_that_was_said_wins() -> None:
    (files,) = survey([FXCM_DAY], Wanted(venue="paper"))
    assert files.instrument.id == "EUR/USD.PAPER"


def test_the_same_contents_have_the_same_name_wherever_they_lie(tmp_path: Path) -> None:
    names = [
        source_name(file_set(fxcm_ticks(tmp_path / folder, "1,1.5,1.6\n")), QualityPolicy())
        for folder in ("a", "b")
    ]
    assert names[0] == names[1]
    assert names[0].startswith("fxcm-eurusd-quotes-")
    assert names[0].replace("-", "").isalnum()


def test_whatever_changes_the_rows_changes_the_name(tmp_path: Path) -> None:
    path = fxcm_ticks(tmp_path / "a", "1,1.5,1.6\n")
    other = fxcm_ticks(tmp_path / "b", "1,1.5,1.7\n")
    default = QualityPolicy()
    names = {
        source_name(file_set(path), default),
        source_name(file_set(other), default),
        source_name(file_set(path), QualityPolicy(crossed=Action.KEEP)),
        source_name(file_set(path, timezone="UTC"), default),
        source_name(file_set(path, venue="OANDA"), default),
    }
    assert len(names) == 5
