"""Connections that nobody reads from just now, kept for who reads next."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from threading import Lock
from time import monotonic
from typing import Final

from events.backends.kafka.clients.port import Consumer

type Use = tuple[str, bool]
"""The topic, and whether it is read on where it ended."""

_KEPT_MAX: Final = 2
_REST_AFTER_S: Final = 1.0


@dataclass(slots=True)
class _Kept:
    consumer: Consumer
    since: float


class IdleConsumers:
    """Threads may share one.

    Who was not used for a second rests from then on. A connection fetches what comes all by
    itself, and asks again and again where nothing comes: thirty whom nobody read gave a broker half
    a core to do, and a fourteenth since they rest.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock: Final = clock
        self._kept: Final[defaultdict[Use, list[_Kept]]] = defaultdict(list)
        self._looked_at = clock()
        self._lock: Final = Lock()

    def take(self, use: Use) -> Consumer | None:
        """One that was kept for this use."""
        with self._lock:
            self._let_rest(self._clock())
            kept = self._kept[use]
            return kept.pop().consumer if kept else None

    def keep(self, use: Use, consumer: Consumer) -> None:
        """For who comes next, or, where enough are kept, disconnect it."""
        with self._lock:
            kept = self._kept[use]
            if len(kept) < _KEPT_MAX:
                kept.append(_Kept(consumer, self._clock()))
                return
        consumer.close()

    def close(self) -> None:
        """Disconnect all."""
        with self._lock:
            everyone = [each.consumer for kept in self._kept.values() for each in kept]
            self._kept.clear()
        for consumer in everyone:
            consumer.close()

    def _let_rest(self, now: float) -> None:
        if now - self._looked_at < _REST_AFTER_S:
            return
        self._looked_at = now
        for kept in self._kept.values():
            for each in kept:
                if now - each.since >= _REST_AFTER_S:
                    each.consumer.rest()
                    each.since = inf
