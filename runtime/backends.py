"""Where logs are kept: the one place that chooses between the backends of the ports."""

import atexit
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol, assert_never

import msgspec

from events.backends.kafka.config import KafkaConfig
from events.backends.sqlite.database import Durability
from events.journal import Journal
from runtime.files import write_whole
from runtime.home import Home, RunDirectory
from schemas.errors import UserError

if TYPE_CHECKING:
    from events.backends.kafka.cluster import Cluster
    from events.ingress import Ingress
    from events.market_log import MarketLog
    from events.rows import MarketRows

CELL: Final = "main"
"""The cell that backtests run in."""


class JournalConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which backend holds the logs; ``[journal]`` in a configuration file.

    Attributes:
        backend: ``sqlite`` keeps files under the home, ``kafka`` topics in a cluster; ``memory``
            is gone with the process.
        kafka: the cluster, for ``kafka``.
    """

    backend: Literal["sqlite", "kafka", "memory"] = "sqlite"
    kafka: KafkaConfig = KafkaConfig()


class Backend(Protocol):
    """The three kinds of log, wherever they are kept. Nothing is opened before it is asked for."""

    def market_log(self) -> "MarketLog":
        """What the world said, for everybody."""
        ...

    def market_rows(self) -> "MarketRows":
        """Single rows of the market log."""
        ...

    def journal(self, cell: str, run: str = "") -> Journal:
        """The journal of a cell: of one of its runs, or without ``run`` of its life."""
        ...

    def ingress(self, cell: str) -> "Ingress":
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
        case "kafka":
            return KafkaBackend(config.kafka)
        case "memory":
            return MemoryBackend()
        case _:
            assert_never(config.backend)


class Kept(JournalConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the logs of a run are, and the cell whose run it is."""

    cell: str = CELL


def note_backend(directory: RunDirectory, config: JournalConfig, cell: str = CELL) -> None:
    """Let every command find the logs of a run, wherever they are."""
    if config.backend == "kafka":
        kept = Kept(backend=config.backend, kafka=config.kafka, cell=cell)
        write_whole(directory.elsewhere, msgspec.json.format(msgspec.json.encode(kept)))


def noted_backend(directory: RunDirectory) -> Kept:
    """Where the logs of a run are.

    Raises:
        UserError: the note about it cannot be read.
    """
    if not directory.elsewhere.exists():
        return Kept()
    try:
        return msgspec.json.decode(directory.elsewhere.read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError) as error:
        raise UserError(f"{directory.elsewhere}: {error}") from error


def backend_of(directory: RunDirectory) -> Backend:
    """The backend that holds the logs of a run."""
    return open_backend(noted_backend(directory), directory.home)


def journal_of(directory: RunDirectory) -> Journal:
    """The journal of a run, wherever it is."""
    return backend_of(directory).journal(noted_backend(directory).cell, directory.run)


def journal_config(chosen: str, home: Home) -> JournalConfig:
    """What ``--journal`` means: ``sqlite``, ``kafka``, or a TOML file with a table ``[journal]``.

    ``kafka`` alone means the broker that ``wakeline kafka up`` started in this home, and without
    one the usual address on this machine.

    Raises:
        UserError: it is none of these, or a field of the table does not fit.
    """
    if chosen == "sqlite":
        return JournalConfig()
    if chosen == "kafka":
        from runtime.kafka.broker import LocalBroker

        bootstrap = LocalBroker(home.kafka).status().bootstrap
        kafka = KafkaConfig(bootstrap=bootstrap) if bootstrap else KafkaConfig()
        return JournalConfig(backend="kafka", kafka=kafka)
    try:
        table = tomllib.loads(Path(chosen).read_text(encoding="utf-8"))["journal"]
        return msgspec.convert(table, JournalConfig)
    except FileNotFoundError:
        raise UserError(
            f"--journal {chosen!r}: there is sqlite, kafka, or a TOML file with a [journal]"
        ) from None
    except KeyError:
        raise UserError(f"--journal {chosen}: the file has no table [journal]") from None
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise UserError(f"--journal {chosen}: {error}") from error


class SqliteBackend:
    """Files under a home: a run's in its directory, those of a cell's life under ``cells``."""

    def __init__(self, home: Home, durability: Durability) -> None:
        self._home: Final = home
        self._durability: Final = durability

    def market_log(self) -> "MarketLog":
        from events.backends.sqlite.market_log import SqliteMarketLog

        return SqliteMarketLog(self._home.market, self._durability)

    def market_rows(self) -> "MarketRows":
        from events.backends.sqlite.market_rows import SqliteMarketRows

        return SqliteMarketRows(self._home.market)

    def journal(self, cell: str, run: str = "") -> Journal:
        from events.backends.sqlite.journal import SqliteJournal

        own = self._home.cell_dir(cell) / "journal.sqlite"
        path = self._home.run_dir(run).journal if run else own
        return SqliteJournal(path, self._durability)

    def ingress(self, cell: str) -> "Ingress":
        from events.backends.sqlite.ingress import SqliteIngress

        return SqliteIngress(self._home.cell_dir(cell) / "ingress.sqlite", self._durability)


class KafkaBackend:
    """Topics of one cluster, whose connections this process shares."""

    def __init__(self, config: KafkaConfig) -> None:
        self._config: Final = config

    def market_log(self) -> "MarketLog":
        from events.backends.kafka.market_log import KafkaMarketLog

        return KafkaMarketLog(shared_cluster(self._config))

    def market_rows(self) -> "MarketRows":
        from events.record_rows import RecordRows

        return RecordRows(self.market_log())

    def journal(self, cell: str, run: str = "") -> Journal:
        from events.backends.kafka.journal import KafkaJournal
        from events.backends.kafka.names import journal_topic

        return KafkaJournal(shared_cluster(self._config), journal_topic(self._config, cell, run))

    def ingress(self, cell: str) -> "Ingress":
        from events.backends.kafka.ingress import KafkaIngress
        from events.backends.kafka.names import ingress_topic

        return KafkaIngress(shared_cluster(self._config), ingress_topic(self._config, cell))


@lru_cache
def shared_cluster(config: KafkaConfig) -> "Cluster":
    """This process's connections to a cluster, made once and closed at its end."""
    from events.backends.kafka.cluster import Cluster

    cluster = Cluster(config)
    atexit.register(cluster.close)
    return cluster


class MemoryBackend:
    """Logs of this process, each made when it is first asked for."""

    def __init__(self) -> None:
        from events.backends.memory.market_log import MemoryMarketLog

        self._market_log: Final = MemoryMarketLog()
        self._journals: Final[dict[tuple[str, str], Journal]] = {}
        self._ingresses: Final[dict[str, Ingress]] = {}

    def market_log(self) -> "MarketLog":
        return self._market_log

    def market_rows(self) -> "MarketRows":
        from events.record_rows import RecordRows

        return RecordRows(self._market_log)

    def journal(self, cell: str, run: str = "") -> Journal:
        from events.backends.memory.journal import MemoryJournal

        return self._journals.setdefault((cell, run), MemoryJournal())

    def ingress(self, cell: str) -> "Ingress":
        from events.backends.memory.ingress import MemoryIngress

        return self._ingresses.setdefault(cell, MemoryIngress())
