"""How far a reader knows its topic to go, so that it need not ask at every look.

To ask takes a way to the broker and back, in which what is waited for may arrive; and hundreds of
questions a second of every reader keep a small broker busy.
"""

from collections.abc import Iterator
from time import monotonic
from typing import Final

from events.backends.kafka.clients.port import Consumer, Record

_STALE_S: Final = 5.0
"""A broker that is gone is noticed by asking only."""


class KnownEnd:
    """Of one topic and reader."""

    def __init__(self) -> None:
        self._end = 0
        self._asked_at: float | None = None

    @property
    def is_stale(self) -> bool:
        """Whether it is time to ask, whatever was asked for."""
        return self._asked_at is None or monotonic() - self._asked_at > _STALE_S

    def asked(self, consumer: Consumer) -> tuple[int, int]:
        """As ``consumer.bounds``."""
        begin, self._end = consumer.bounds()
        self._asked_at = monotonic()
        return begin, self._end

    def records(self, consumer: Consumer, start: int, *, arrived: bool) -> Iterator[Record]:
        """Records from ``start`` to the end that is known, waiting for them; then, if ``arrived``,
        those that have come by themselves.
        """
        if start < self._end:
            yield from consumer.read(start, self._end)
        if arrived:
            yield from consumer.arrived(max(start, self._end))
