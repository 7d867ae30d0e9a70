"""Where logs are kept: the one place that chooses between the backends of the ports."""

from typing import Final, Literal, Protocol

import msgspec

from events.backends.memory.ingress import MemoryIngress
from events.backends.memory.journal import MemoryJournal
from events.backends.memory.market_log import MemoryMarketLog
from events.backends.sqlite.database import Durability
from events.backends.sqlite.ingress import SqliteIngress
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from events.ingress import Ingress
from events.journal import Journal
from events.market_log import MarketLog
from runtime.home import Home


class JournalConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which backend holds the logs; ``[journal]`` in a configuration file.

    Attributes:
        backend: ``sqlite`` keeps files under the home; ``memory`` is gone with the process.
    """

    backend: Literal["sqlite", "memory"] = "sqlite"


class Backend(Protocol):
    """The three kinds of log, wherever they are kept. Nothing is opened before it is asked for."""

    def market_log(self) -> MarketLog:
        """What the world said, for everybody."""
        ...

    def journal(self, cell: str, run: str = "") -> Journal:
        """The journal of a cell: of one of its runs, or without ``run`` of its life."""
        ...

    def ingress(self, cell: str) -> Ingress:
        """The queue into a cell."""
        ...


def open_backend(
    config: JournalConfig, home: Home, durability: Durability = Durability.POWER_CUT
) -> Backend:
    """The backend that a configuration names.

    Args:
        durability: of what is kept in files; a backtest recomputes what a power cut takes.
    """
    match config.backend:
        case "sqlite":
            return SqliteBackend(home, durability)
        case "memory":
            return MemoryBackend()


class SqliteBackend:
    """Files under a home: a run's in its directory, those of a cell's life under ``cells``."""

    def __init__(self, home: Home, durability: Durability) -> None:
        self._home: Final = home
        self._durability: Final = durability

    def market_log(self) -> SqliteMarketLog:
        return SqliteMarketLog(self._home.market, self._durability)

    def journal(self, cell: str, run: str = "") -> SqliteJournal:
        own = self._home.cell_dir(cell) / "journal.sqlite"
        path = self._home.run_dir(run).journal if run else own
        return SqliteJournal(path, self._durability)

    def ingress(self, cell: str) -> SqliteIngress:
        return SqliteIngress(self._home.cell_dir(cell) / "ingress.sqlite", self._durability)


class MemoryBackend:
    """Logs of this process, each made when it is first asked for."""

    def __init__(self) -> None:
        self._market_log: Final = MemoryMarketLog()
        self._journals: Final[dict[tuple[str, str], MemoryJournal]] = {}
        self._ingresses: Final[dict[str, MemoryIngress]] = {}

    def market_log(self) -> MemoryMarketLog:
        return self._market_log

    def journal(self, cell: str, run: str = "") -> MemoryJournal:
        return self._journals.setdefault((cell, run), MemoryJournal())

    def ingress(self, cell: str) -> MemoryIngress:
        return self._ingresses.setdefault(cell, MemoryIngress())
