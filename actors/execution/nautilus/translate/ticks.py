"""Market records as Nautilus ticks: through Arrow, without a Python object for a row on our side,
or one by one where they are so few that a message costs more.

Market time is ``ts_event``, which is what windows are cut by; Nautilus is told that we learned of
every row in the moment in which it happened.
"""

from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
from nautilus_trader import model, persistence

from actors.execution.nautilus.stretch import Int64s, Stretch
from actors.execution.nautilus.translate.instruments import instrument_id
from actors.execution.nautilus.unfolded import Quotes, Trades, unfolded
from events.batches import TIME, Terms
from schemas.quantities import from_mantissa

type Tick = model.QuoteTick | model.TradeTick

FEW: Final = 16
"""Ticks for which an Arrow message does not pay."""

FIXED_PRECISION: Final = 16
"""Decimal places of every price and size inside Nautilus."""

MAGNITUDE_MAX: Final = 17_014_118_346_046
"""The largest price inside Nautilus; quantities may be twice as large."""

_DIGIT: Final = 2**32 - 1
_FIXED: Final = pa.decimal128(38, FIXED_PRECISION)
_AGGRESSOR: Final = pa.dictionary(pa.int8(), pa.string())
_AGGRESSORS: Final = pa.array(["NO_AGGRESSOR", "BUY", "SELL"])
_AGGRESSOR_SIDES: Final = {
    1: model.AggressorSide.BUY,
    -1: model.AggressorSide.SELL,
    0: model.AggressorSide.NO_AGGRESSOR,
}
_QUOTE_COLUMNS: Final = ("bid_price", "ask_price", "bid_size", "ask_size")


def to_ticks(stretch: Stretch, size_when_unknown: int) -> list[Tick]:
    """Every row as a Nautilus tick, a bar's row as four, in the order of the rows.

    Args:
        stretch: of quotes, trades or bars.
        size_when_unknown: mantissa of what a quote without a size is taken to offer.
    """
    ticks = unfolded(stretch, size_when_unknown)
    terms = stretch.record.terms
    few = len(ticks.times) <= FEW
    if isinstance(ticks, Quotes):
        return _few_quotes(terms, ticks) if few else _quotes(terms, ticks)
    # One by one Nautilus refuses what was traded in bars where nothing was.
    return _few_trades(terms, ticks) if few and ticks.size.all() else _trades(terms, ticks)


def _few_quotes(terms: Terms, quotes: Quotes) -> list[Tick]:
    instrument = instrument_id(terms.instrument)
    columns = (quotes.bid, quotes.ask, quotes.bid_size, quotes.ask_size, quotes.times)
    return [
        model.QuoteTick(
            instrument,
            _price(bid, terms),
            _price(ask, terms),
            _quantity(bid_size, terms),
            _quantity(ask_size, terms),
            ts,
            ts,
        )
        for bid, ask, bid_size, ask_size, ts in zip(*map(_integers, columns), strict=True)
    ]


def _few_trades(terms: Terms, trades: Trades) -> list[Tick]:
    instrument = instrument_id(terms.instrument)
    columns = (trades.price, trades.size, trades.aggressor, trades.times)
    return [
        model.TradeTick(
            instrument,
            _price(price, terms),
            _quantity(size, terms),
            _AGGRESSOR_SIDES[aggressor],
            model.TradeId(str(number)),
            ts,
            ts,
        )
        for number, (price, size, aggressor, ts) in enumerate(
            zip(*map(_integers, columns), strict=True), trades.first * trades.per_row
        )
    ]


def _price(mantissa: int, terms: Terms) -> model.Price:
    return model.Price.from_raw(_raw(mantissa, terms.price_precision), terms.price_precision)


def _quantity(mantissa: int, terms: Terms) -> model.Quantity:
    return model.Quantity.from_raw(_raw(mantissa, terms.size_precision), terms.size_precision)


def _raw(mantissa: int, precision: int) -> int:
    _require_room(abs(mantissa), precision)
    return mantissa * int(10 ** (FIXED_PRECISION - precision))


def _integers(column: Int64s) -> list[int]:
    numbers: list[int] = column.tolist()
    return numbers


def _quotes(terms: Terms, quotes: Quotes) -> list[Tick]:
    arrays = [
        fixed_point(quotes.bid, terms.price_precision),
        fixed_point(quotes.ask, terms.price_precision),
        fixed_point(quotes.bid_size, terms.size_precision),
        fixed_point(quotes.ask_size, terms.size_precision),
    ]
    stream = _stream(_quote_schema(terms), arrays, quotes.times)
    ticks: list[Tick] = list(_quote_wrangler(terms).process_record_batch_bytes(stream))
    return ticks


def _trades(terms: Terms, trades: Trades) -> list[Tick]:
    first = trades.first * trades.per_row
    buy_or_sell = np.where(trades.aggressor < 0, 2, trades.aggressor).astype(np.int8)
    arrays = [
        fixed_point(trades.price, terms.price_precision),
        fixed_point(trades.size, terms.size_precision),
        pa.DictionaryArray.from_arrays(pa.array(buy_or_sell), _AGGRESSORS),
        # An empty or overlong trade id would abort the process inside Nautilus, and the venue's own
        # ids may be either. The row's number is neither; the true id stays in the market log.
        pa.array(np.arange(first, first + len(trades.times))).cast(pa.string()),
    ]
    stream = _stream(_trade_schema(terms), arrays, trades.times)
    ticks: list[Tick] = list(_trade_wrangler(terms).process_record_batch_bytes(stream))
    return ticks


def fixed_point(mantissas: Int64s, precision: int) -> pa.Array:
    """Mantissas of ``precision`` decimals as the ``decimal128`` that Nautilus reads.

    Raises:
        ValueError: a number is beyond what Nautilus can hold, which would abort the process.
    """
    largest = int(np.abs(mantissas).max(initial=0))
    _require_room(largest, precision)
    factor = 10 ** (FIXED_PRECISION - precision)
    if len(mantissas) and (mantissas == mantissas[0]).all():
        # Sizes that the source does not tell, or always the same: one product for all of them.
        word = (int(mantissas[0]) * factor).to_bytes(16, "little", signed=True)
        buffers = [None, pa.py_buffer(word * len(mantissas))]
        return pa.Array.from_buffers(_FIXED, len(mantissas), buffers)
    words = np.empty((len(mantissas), 2), dtype=np.int64)
    low, high = words[:, 0], words[:, 1]
    if largest < 2**63 // factor:
        np.multiply(mantissas, factor, out=low)
        np.right_shift(low, 63, out=high)
    else:
        _multiply(mantissas, factor, low, high)
    return pa.Array.from_buffers(_FIXED, len(words), [None, pa.py_buffer(words)])


def _require_room(largest: int, precision: int) -> None:
    if largest > MAGNITUDE_MAX * 10**precision:
        raise ValueError(f"{from_mantissa(largest, precision)} is more than {MAGNITUDE_MAX}")


def _multiply(mantissas: Int64s, factor: int, low: Int64s, high: Int64s) -> None:
    """The 128-bit product as two words, by long multiplication in digits of 32 bits."""
    upper, lower = mantissas >> 32, mantissas & _DIGIT
    factor_upper, factor_lower = factor >> 32, factor & _DIGIT
    first = lower.view(np.uint64) * np.uint64(factor_lower)
    middle = lower * factor_upper + upper * factor_lower + (first >> np.uint64(32)).view(np.int64)
    np.bitwise_or(middle << 32, (first & np.uint64(_DIGIT)).view(np.int64), out=low)
    np.add(upper * factor_upper, middle >> 32, out=high)


def _stream(schema: pa.Schema, arrays: list[pa.Array], times: Int64s) -> bytes:
    stamps = pa.Array.from_buffers(TIME, len(times), [None, pa.py_buffer(times)])
    batch = pa.RecordBatch.from_arrays([*arrays, stamps, stamps], schema=schema)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(batch)
    content: bytes = sink.getvalue().to_pybytes()
    return content


@lru_cache(maxsize=1024)
def _quote_schema(terms: Terms) -> pa.Schema:
    return _schema(terms, [(name, _FIXED) for name in _QUOTE_COLUMNS])


@lru_cache(maxsize=1024)
def _trade_schema(terms: Terms) -> pa.Schema:
    columns = [("price", _FIXED), ("size", _FIXED)]
    return _schema(terms, [*columns, ("aggressor_side", _AGGRESSOR), ("trade_id", pa.string())])


def _schema(terms: Terms, columns: list[tuple[str, pa.DataType]]) -> pa.Schema:
    metadata = {
        "instrument_id": terms.instrument,
        "price_precision": str(terms.price_precision),
        "size_precision": str(terms.size_precision),
    }
    return pa.schema([*columns, ("ts_event", TIME), ("ts_init", TIME)], metadata=metadata)


@lru_cache(maxsize=1024)
def _quote_wrangler(terms: Terms) -> persistence.QuoteTickDataWrangler:
    return persistence.QuoteTickDataWrangler(
        terms.instrument, terms.price_precision, terms.size_precision
    )


@lru_cache(maxsize=1024)
def _trade_wrangler(terms: Terms) -> persistence.TradeTickDataWrangler:
    return persistence.TradeTickDataWrangler(
        terms.instrument, terms.price_precision, terms.size_precision
    )
