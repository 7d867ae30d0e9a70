"""The instruments of recorded sources: every source begins by saying what it is about."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Self

from events.batches import BatchKind, MarketRecord
from events.codecs.json import decode_payload
from events.market_log import MarketLog
from runtime.config import ConfigError
from schemas.market import Instrument, PriceType
from schemas.quantities import Nanoseconds

_QUOTED: Final = frozenset({BatchKind.QUOTES, BatchKind.QUOTE_BARS})
_TRADED: Final = frozenset({BatchKind.TRADES, BatchKind.TRADE_BARS})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownInstrument:
    """An instrument's terms, the market record that says them, and the data that there is of it.

    Attributes:
        kinds: of the data; empty when a source holds none.
    """

    instrument: Instrument
    source: str
    seq: int
    ts: Nanoseconds
    kinds: frozenset[BatchKind]

    @classmethod
    def at_head_of(cls, log: MarketLog, source: str) -> Self:
        """The instrument that the source's first record names, and the kind of its first data.

        Raises:
            ConfigError: the first record names none.
        """
        records = iter(log.read(source))
        first = next(records, None)
        named = None if first is None else _instrument_in(first)
        if first is None or named is None:
            raise ConfigError(f"source {source}: its first record is no market.instrument")
        kinds = (record.kind for record in records if record.kind is not BatchKind.FACTS)
        return cls(
            instrument=named,
            source=source,
            seq=first.first,
            ts=int(first.batch.column("ts_event").view("int64")[0].as_py()),
            kinds=frozenset(kind for kind in (next(kinds, None),) if kind is not None),
        )

    def has(self, price: PriceType) -> bool:
        """Whether bars of such a price can be built from the data."""
        return bool(self.kinds & (_TRADED if price is PriceType.LAST else _QUOTED))

    def automatic(self, usual: PriceType) -> PriceType:
        """The price to build bars from: the usual one, unless there is data for the other only."""
        other = PriceType.MID if usual is PriceType.LAST else PriceType.LAST
        return other if self.has(other) and not self.has(usual) else usual


def known_once(heads: Iterable[KnownInstrument]) -> tuple[KnownInstrument, ...]:
    """Every instrument once, with the data of all its sources, in the order in which they come.

    Sources may disagree on the precision, because each is widened to what its files hold; the terms
    that hold are those of the finest.
    """
    known: dict[str, KnownInstrument] = {}
    for head in heads:
        before = known.get(head.instrument.id, head)
        finest = max(before, head, key=lambda each: each.instrument.price_precision)
        known[head.instrument.id] = replace(finest, kinds=before.kinds | head.kinds)
    return tuple(known.values())


def _instrument_in(record: MarketRecord) -> Instrument | None:
    if record.kind is not BatchKind.FACTS:
        return None
    row = record.batch.slice(0, 1)
    payload = decode_payload(
        row.column("kind")[0].as_py(),
        row.column("version")[0].as_py(),
        row.column("payload")[0].as_py().encode(),
    )
    return payload if isinstance(payload, Instrument) else None
