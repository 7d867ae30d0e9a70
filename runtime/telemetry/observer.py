"""What a host asks for: the parts of a cell with somebody watching."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from actors.kit.runner import CellParts
from actors.kit.shapes import Decider
from events.ingress import Ingress
from events.journal import Journal, JournalWriter
from runtime.telemetry.config import Watched
from runtime.telemetry.observed import (
    Desk,
    ObservedIngress,
    ObservedJournal,
    ObservedWriter,
    Waiting,
)
from runtime.telemetry.sampling import Sampling
from runtime.telemetry.timing import StopWatch, TimedDecider

INGRESS: Final = "ingress"


class Observer:
    """Stands around the ports, so that a cell that nobody watches has nothing to pay."""

    def __init__(
        self,
        watched: Watched,
        share: float,
        watch: StopWatch,
        desk: Desk,
        gauges: dict[str, Callable[[], float]],
    ) -> None:
        self._watched: Final = watched
        self._share: Final = share
        self._watch: Final = watch
        self._desk: Final = desk
        self._gauges: Final = gauges
        self._waiting: Final = Waiting()

    def around(self, parts: CellParts) -> CellParts:
        """A live cell's parts, all of them watched."""
        return replace(
            parts,
            deciders=self.deciders(parts.deciders),
            journal=self.journal(parts.journal),
            ingress=self.ingress(parts.ingress),
        )

    def deciders(self, deciders: Sequence[Decider]) -> tuple[Decider, ...]:
        """Deciders that are timed."""
        return tuple(TimedDecider(decider, self._watch) for decider in deciders)

    def journal(self, journal: Journal) -> Journal:
        """A journal whose steps are noted; its writer belongs to the thread that opens it."""
        return ObservedJournal(journal, self._observe)

    def ingress(self, ingress: Ingress) -> Ingress:
        """An ingress that tells how long what it delivers has waited."""
        self.gauge(INGRESS, lambda: self._waiting.depth)
        return ObservedIngress(ingress, self._waiting)

    def gauge(self, queue: str, depth: Callable[[], float]) -> None:
        """Ask ``depth`` for the depth of a queue whenever metrics are collected."""
        self._gauges[queue] = depth

    def _observe(self, writer: JournalWriter) -> JournalWriter:
        sampling = Sampling(self._watched.cell, self._watched.run, self._share)
        return ObservedWriter(writer, self._watch, self._waiting, sampling, self._desk)
