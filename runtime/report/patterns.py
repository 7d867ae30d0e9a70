"""What recognisers saw, at the prices at which they saw it."""

from collections import defaultdict
from decimal import Decimal
from typing import Final

from runtime.report.data import PatternMark
from schemas.envelope import AnyEvent
from schemas.market import Bar
from schemas.pattern import PatternRecognised
from schemas.quantities import Price

MARKS_MAX: Final = 2_000
"""Marks of one instrument; of more than these the newest are drawn, to keep the page small."""


class Patterns:
    """Folds recognitions; the price of one is the close of the last bar before it."""

    def __init__(self) -> None:
        self._closes: Final[dict[str, Price]] = {}
        self._marks: Final[defaultdict[str, list[PatternMark]]] = defaultdict(list)

    def learn(self, event: AnyEvent) -> None:
        """Note an event; kinds that say nothing about patterns are passed over."""
        match event.payload:
            case Bar(instrument=name, close=close):
                self._closes[name] = close
            case PatternRecognised() as seen:
                self._marks[seen.instrument].append(
                    PatternMark(
                        id=event.id,
                        begins=seen.begins or event.ts,
                        ts=event.ts,
                        price=self._closes.get(seen.instrument, Decimal(0)),
                        pattern=seen.pattern,
                        direction=seen.direction,
                        recogniser=seen.recogniser,
                        confidence=seen.confidence if seen.calibrated else None,
                    )
                )
            case _:
                pass

    def marks(self, instrument: str) -> tuple[PatternMark, ...]:
        """What was seen in an instrument, the newest ``MARKS_MAX`` of it, oldest first."""
        return tuple(self._marks[instrument][-MARKS_MAX:])
