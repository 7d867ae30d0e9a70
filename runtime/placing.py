"""Which run a backtest becomes: one that was left unfinished, or another attempt beside it."""

from itertools import count
from typing import Final

from events.backends.sqlite.database import Durability
from events.codecs.json import decode_step
from events.journal import Journal
from runtime.backends import (
    CELL,
    Backend,
    JournalConfig,
    note_backend,
    noted_backend,
    open_backend,
)
from runtime.config import BacktestConfig, save_config
from runtime.home import Home, RunDirectory, run_id
from runtime.wired import Backtest
from schemas.cell import CellStarted


class Logs:
    """Where a run reads and writes."""

    def __init__(self, home: Home, config: BacktestConfig) -> None:
        self.home: Final = home
        self.config: Final = config
        self.kept: Final = config.journal or JournalConfig()
        self.backend: Final[Backend] = open_backend(self.kept, home, Durability.PROCESS_CRASH)
        self.market_log: Final = self.backend.market_log()


def place_run(logs: Logs, backtest: Backtest, *, new: bool) -> tuple[RunDirectory, Journal]:
    """The newest unfinished run of this configuration that can go on, else a new one."""
    strategy = backtest.spec.config.strategies[0].use
    attempts: list[tuple[RunDirectory, Journal]] = []
    for attempt in count(1):
        run = run_id(strategy, backtest.started.config_hash, attempt)
        directory = logs.home.run_dir(run)
        if not _is_kept_as(directory, logs.kept):
            continue
        journal = logs.backend.journal(CELL, run)
        attempts.append((directory, journal))
        if not journal.end():
            break
    *begun, chosen = attempts
    if not new:
        unfinished = (each for each in reversed(begun) if _goes_on(*each, backtest.started))
        chosen = next(unfinished, chosen)
    directory, journal = chosen
    note_backend(directory, logs.kept)
    save_config(directory.config, logs.config)
    return directory, journal


def _is_kept_as(directory: RunDirectory, kept: JournalConfig) -> bool:
    """Whether a run's logs are where those of this run shall be, if it has any."""
    if not (directory.journal.exists() or directory.elsewhere.exists()):
        return True
    noted = noted_backend(directory)
    cluster, noted_cluster = kept.kafka, noted.kafka
    return noted.backend == kept.backend and cluster.prefix == noted_cluster.prefix


def _goes_on(directory: RunDirectory, journal: Journal, started: CellStarted) -> bool:
    """Whether a run was left unfinished by the same code; another's decisions may differ."""
    if directory.result.exists():
        return False
    first = next(iter(journal.records()))
    # The configuration as it was given also says where files lay, which decides nothing.
    match decode_step(first.body).input.payload:
        case CellStarted(code_hash=started.code_hash, config_hash=started.config_hash):
            return True
        case _:
            return False
