"""One row of a market log in words: what a person or a program is shown of a tick."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from events.layouts import COLUMNS, BatchKind, ColumnType, Terms
from schemas.identity import tick_id
from schemas.quantities import Nanoseconds, from_mantissa

_KINDS: Final = {
    BatchKind.QUOTES: "market.quote",
    BatchKind.TRADES: "market.trade",
    BatchKind.QUOTE_BARS: "market.quote_bar",
    BatchKind.TRADE_BARS: "market.trade_bar",
}
_SIZES: Final = frozenset({"bid_size", "ask_size", "size", "volume"})
_AGGRESSORS: Final = {1: "buy", -1: "sell", 0: "none"}

type Cell = int | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A tick, a bar or a fact.

    Attributes:
        cells: what is stored, by column; times and mantissas are integers.
    """

    source: str
    seq: int
    batch_kind: BatchKind
    terms: Terms
    cells: Mapping[str, Cell]

    @property
    def id(self) -> str:
        """The row's name for ever: ``source:seq``."""
        return tick_id(self.source, self.seq)

    @property
    def ts(self) -> Nanoseconds:
        """When it happened."""
        return int(self.cells["ts_event"] or 0)

    @property
    def kind(self) -> str:
        """Its wire name; a fact carries its own."""
        if self.batch_kind is BatchKind.FACTS:
            return str(self.cells["kind"])
        return _KINDS[self.batch_kind]

    def values(self) -> dict[str, object]:
        """What it says: prices and sizes as exact decimals, a fact's payload as recorded."""
        if self.batch_kind is BatchKind.FACTS:
            return dict(msgspec.json.decode(str(self.cells["payload"]), type=dict[str, object]))
        values: dict[str, object] = {"instrument": self.terms.instrument}
        if self.terms.interval:
            values["interval"] = self.terms.interval
        for name, holds in COLUMNS[self.batch_kind].items():
            if holds is not ColumnType.TIME:
                values[name] = self._value(name, holds, self.cells[name])
        return values

    def _value(self, name: str, holds: ColumnType, stored: Cell) -> object:
        if not isinstance(stored, int):
            return stored
        if holds is not ColumnType.MANTISSA:
            return _AGGRESSORS[stored]
        sizes = name in _SIZES
        return from_mantissa(
            stored, self.terms.size_precision if sizes else self.terms.price_precision
        )


class MarketRows(Protocol):
    """Looks up single rows of the market log."""

    def sources(self) -> Sequence[str]:
        """Names of all sources, sorted."""
        ...

    def last(self, source: str, from_seq: int, to_seq: int, instrument: str = "") -> Row | None:
        """The last durable row in ``from_seq .. to_seq``, of an instrument if one is named.

        Raises:
            NotFound: there is no such source.
            Corrupt: what is stored there does not decode.
        """
        ...
