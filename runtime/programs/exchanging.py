"""An exchange on paper, as the role of a session's program."""

from collections.abc import Mapping
from dataclasses import replace
from time import time_ns
from typing import Final

from actors.execution.paper.clerk import Clerk
from actors.execution.paper.door import Door
from events.market_log import MarketLog
from runtime.backends import Backend
from runtime.instruments import KnownInstrument, known_once
from runtime.paper import wire_exchange
from runtime.programs.market_bound import Opened
from runtime.programs.session import Session
from runtime.programs.specs import ExchangeSpec


class Exchanging:
    """It implements ``Role``. Its journal and ingress are named by its book, and belong to no run:
    a run is one cell's.
    """

    kind: Final = "exchange"

    def __init__(self, spec: ExchangeSpec, backend: Backend) -> None:
        self.name: Final = spec.name
        self.run: Final = spec.book
        self.sources: Final = spec.sources
        self.market_log: Final[MarketLog] = backend.market_log()
        self._spec: Final = spec
        self._backend: Final = backend
        self._clerk: Final = Clerk()

    def open(self) -> Opened:
        """Wire it."""
        known = known_once(
            KnownInstrument.at_head_of(self.market_log, source) for source in self.sources
        )
        wired = wire_exchange(self._spec.terms, self.sources, known, self._clerk)
        return Opened(
            cell=replace(wired, run="", cell=self.run),
            journal=self._backend.journal(self.run),
            ingress=Door(self._backend.ingress(self.run), time_ns),
        )

    def concluded(self, session: Session) -> None:
        """Nothing is summed up: what it did is in the journals of the cells."""

    def counters(self) -> Mapping[str, int]:
        """What came too late, or came twice."""
        return {"late": self._clerk.late, "twice": self._clerk.twice}

    def close(self) -> None:
        """Nothing stands around it."""
