"""Questions are put together from the bars of a journal, by anybody, alike."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
import pytest

from actors.patterns.candles import candles_of
from actors.patterns.memory import BarMemory, Stream
from actors.patterns.recogniser import Question
from schemas.market import Bar, PriceType
from tests.actors.strategies.real_bars import MINUTE_NS, eurusd

STREAM = Stream.of(eurusd()[0])


def remembered(*bars: Bar, held: int = 20) -> BarMemory:
    memory = BarMemory([STREAM], held)
    for bar in bars:
        memory.note(bar)
    return memory


def test_a_question_holds_the_newest_bars() -> None:
    bars = eurusd()[:100]
    question = remembered(*bars).alone(STREAM, "request", bars[-1].ts_close)
    assert question.candles.digest() == candles_of(bars[80:]).digest()
    assert question.asked == bars[-1].ts_close
    assert question.interval_ns == MINUTE_NS


def test_a_question_put_together_late_is_the_same_question() -> None:
    bars = eurusd()[:110]
    asked = bars[99].ts_close
    late = remembered(*bars).alone(STREAM, "request", asked)
    assert late.candles.digest() == candles_of(bars[80:100]).digest()


@pytest.mark.parametrize("forgotten", [0, 1, 30])
def test_older_bars_make_no_difference(forgotten: int) -> None:
    bars = eurusd()[:100]
    whole, part = remembered(*bars), remembered(*bars[forgotten:])
    digests = {each.candles(STREAM, bars[-1].ts_close).digest() for each in (whole, part)}
    assert len(digests) == 1


def test_counts_bars_until_there_are_enough() -> None:
    bars = eurusd()[:30]
    assert [remembered(*bars[:count]).held(STREAM) for count in (0, 19, 20, 30)] == [0, 19, 20, 20]


def test_passes_over_bars_of_other_streams() -> None:
    bar = eurusd()[0]
    memory = remembered()
    assert memory.note(msgspec.structs.replace(bar, interval="5m")) is None
    assert memory.note(bar) == STREAM
    assert memory.held(STREAM) == 1


OTHER = Stream("GBP/USD.OANDA", STREAM.interval, STREAM.price_type)


def both(bars: Sequence[Bar], *beside: Stream) -> BarMemory:
    memory = BarMemory([STREAM, OTHER, *beside], 20)
    for bar in bars:
        memory.note(bar)
        memory.note(msgspec.structs.replace(bar, instrument=OTHER.instrument))
    return memory


def test_a_panel_is_cut_at_the_same_time_and_shared_by_all_that_ask_then() -> None:
    bars = eurusd()[:30]
    memory, asked = both(bars), bars[24].ts_close
    question = memory.beside_others(STREAM, "request", asked)
    other = memory.beside_others(OTHER, "another", asked)
    assert {*question.panel} == {STREAM.instrument, OTHER.instrument}
    assert question.panel is other.panel
    assert question.candles.digest() == other.candles.digest() == candles_of(bars[5:25]).digest()


def test_a_panel_is_another_as_soon_as_a_bar_is_known() -> None:
    bars = eurusd()[:31]
    memory, asked = both(bars[:30]), bars[30].ts_close
    assert memory.beside_others(OTHER, "early", asked).candles.ts_close[-1] == bars[29].ts_close
    memory.note(bars[30])
    assert memory.beside_others(STREAM, "late", asked).candles.ts_close[-1] == asked


def test_who_has_no_bar_by_then_is_in_no_panel() -> None:
    silent = Stream("SPY.ARCA", STREAM.interval, STREAM.price_type)
    bars = eurusd()[:30]
    panel = both(bars, silent).beside_others(STREAM, "request", bars[24].ts_close).panel
    assert {*panel} == {STREAM.instrument, OTHER.instrument}


def test_an_instrument_with_two_price_types_is_seen_with_the_one_that_is_asked_about() -> None:
    bars = eurusd()[:30]
    bid = Stream(STREAM.instrument, STREAM.interval, PriceType.BID)
    memory, asked = both(bars, bid), bars[-1].ts_close
    for bar in bars[10:]:
        memory.note(msgspec.structs.replace(bar, price_type=PriceType.BID, volume=Decimal(77)))
    assert memory.beside_others(bid, "request", asked).candles.volume[-1] == 77
    assert memory.beside_others(STREAM, "request", asked).candles.volume[-1] != 77


def test_what_was_asked_stays_what_it_was_however_many_bars_follow() -> None:
    bars = eurusd()[:400]
    memory = remembered()
    asked: list[tuple[Question, int]] = []
    for place, bar in enumerate(bars, start=1):
        memory.note(bar)
        asked.append((memory.alone(STREAM, "request", bar.ts_close), place))
    for question, place in asked:
        held = candles_of(bars[max(place - 20, 0) : place])
        assert question.candles.digest() == held.digest()
