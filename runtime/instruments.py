"""The instruments of recorded sources: every source begins by saying what it is about."""

from dataclasses import dataclass
from typing import Self

from events.batches import BatchKind
from events.codecs.json import decode_payload
from events.market_log import MarketLog
from runtime.config import ConfigError
from schemas.market import Instrument
from schemas.quantities import Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownInstrument:
    """An instrument's terms, and the market record that says them."""

    instrument: Instrument
    source: str
    seq: int
    ts: Nanoseconds

    @classmethod
    def at_head_of(cls, log: MarketLog, source: str) -> Self:
        """The instrument that the source's first record names.

        Raises:
            ConfigError: the first record names none.
        """
        for record in log.read(source, 0, 0):
            if record.kind is BatchKind.FACTS:
                row = record.batch.slice(0, 1)
                payload = decode_payload(
                    row.column("kind")[0].as_py(),
                    row.column("version")[0].as_py(),
                    row.column("payload")[0].as_py().encode(),
                )
                if isinstance(payload, Instrument):
                    ts = int(row.column("ts_event").view("int64")[0].as_py())
                    return cls(instrument=payload, source=source, seq=record.first, ts=ts)
        raise ConfigError(f"source {source}: its first record is no market.instrument")
