"""Questions are put together from the bars of a journal, by anybody, alike."""

import msgspec
import numpy as np
import pytest

from actors.patterns.candles import candles_of
from actors.patterns.memory import BarMemory, Stream
from schemas.market import Bar
from tests.actors.strategies.real_bars import MINUTE_NS, eurusd

STREAM = Stream.of(eurusd()[0])


def remembered(*bars: Bar, held: int = 20) -> BarMemory:
    memory = BarMemory([STREAM], held)
    for bar in bars:
        memory.note(bar)
    return memory


def test_a_question_holds_the_newest_bars() -> None:
    bars = eurusd()[:100]
    question = remembered(*bars).question(STREAM, "request", bars[-1].ts_close)
    assert question.candles.digest() == candles_of(bars[80:]).digest()
    assert question.asked == bars[-1].ts_close
    assert question.interval_ns == MINUTE_NS


def test_a_question_put_together_late_is_the_same_question() -> None:
    bars = eurusd()[:110]
    asked = bars[99].ts_close
    late = remembered(*bars).question(STREAM, "request", asked)
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


def test_peers_are_cut_at_the_same_time() -> None:
    bars = eurusd()[:30]
    other = Stream("GBP/USD.OANDA", STREAM.interval, STREAM.price_type)
    memory = BarMemory([STREAM, other], 20)
    for bar in bars:
        memory.note(bar)
        memory.note(msgspec.structs.replace(bar, instrument=other.instrument))
    asked = bars[24].ts_close
    peers = memory.peers(STREAM, asked)
    assert list(peers) == [other.instrument]
    assert np.array_equal(peers[other.instrument].ts_close, memory.candles(STREAM, asked).ts_close)
