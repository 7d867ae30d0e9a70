"""The home: one directory that holds all state, and the names of what is in it."""

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final
from urllib.parse import quote

from schemas.errors import UserError

LAYOUT: Final = "wakeline home 1"
"""What the file ``version`` says; a home of another layout is left alone."""

SOCKET_PATH_MAX: Final = 100
"""Bytes that every platform allows in the path of a local socket (macOS 104, Linux 108)."""


class HomeError(UserError):
    """The home cannot be used: it is missing, not ours, not writable, or in use."""


@dataclass(frozen=True, slots=True, order=True)
class RunDirectory:
    """The files of one run."""

    path: Path

    @property
    def run(self) -> str:
        """The run's id."""
        return self.path.name

    @property
    def journal(self) -> Path:
        """Every step of the run: the truth."""
        return self.path / "journal.sqlite"

    @property
    def elsewhere(self) -> Path:
        """Says where the run's logs are, when they are not in files here."""
        return self.path / "journal.json"

    @property
    def home(self) -> "Home":
        """The home that it is in."""
        return Home(self.path.parents[1])

    @property
    def index(self) -> Path:
        """Which step names which event; made from the journal, again when it is missing."""
        return self.path / "journal-index.sqlite"

    @property
    def spans(self) -> Path:
        """How long each decision took; there when the run was traced."""
        return self.path / "spans.jsonl"

    def spans_of(self, gateway: str) -> Path:
        """How long a gateway took for what the cell asked; there when the run was traced."""
        return self.path / f"spans-{gateway}.jsonl"

    @property
    def config(self) -> Path:
        """The configuration that the run was started with."""
        return self.path / "config.json"

    @property
    def terms(self) -> Path:
        """What a firm or a search goes by whose journal it is; not there where one trades."""
        return self.path / "terms.json"

    @property
    def result(self) -> Path:
        """What the run came to; there once it is finished."""
        return self.path / "result.json"

    @property
    def report(self) -> Path:
        """The report, once it was asked for."""
        return self.path / "report.html"


@dataclass(frozen=True, slots=True)
class Home:
    """A directory that holds a market log, runs and an embedded ClickHouse."""

    path: Path

    @classmethod
    def create(cls, path: Path) -> "Home":
        """The home at ``path``, made if nothing is there.

        Raises:
            HomeError: it cannot be made or written, or something else is there.
        """
        home = cls(path.absolute())
        try:
            home.runs_path.mkdir(parents=True, exist_ok=True)
            if not home._version.exists():
                home._version.write_text(f"{LAYOUT}\n", encoding="utf-8")
            for folder in (home.market, home.clickhouse):
                folder.mkdir(exist_ok=True)
        except OSError as error:
            raise HomeError(f"home {path}: {error.strerror}: choose another --home") from error
        return cls.existing(path)

    @classmethod
    def existing(cls, path: Path) -> "Home":
        """The home at ``path``, which must be there.

        Raises:
            HomeError: it is not, or its layout is another.
        """
        home = cls(path.absolute())
        try:
            layout = home._version.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise HomeError(
                f"home {path}: there is none yet; `wakeline demo`, `ingest` or `backtest` makes one"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise HomeError(f"home {path}: its file 'version' cannot be read: {error}") from error
        if layout != LAYOUT:
            raise HomeError(f"home {path}: its layout is {layout!r}, this program's is {LAYOUT!r}")
        return home

    @property
    def _version(self) -> Path:
        return self.path / "version"

    @property
    def market(self) -> Path:
        """Directory of the market log."""
        return self.path / "market"

    @property
    def runs_path(self) -> Path:
        """Directory that holds a directory a run."""
        return self.path / "runs"

    @property
    def models(self) -> Path:
        """Directory of trained models, there once one was kept."""
        return self.path / "models"

    @property
    def answers(self) -> Path:
        """Directory of what models answered in backtests; it may be deleted."""
        return self.path / "answers"

    @property
    def training(self) -> Path:
        """Directory of training that is not finished, there while one is."""
        return self.path / "training"

    @property
    def clickhouse(self) -> Path:
        """Directory of the embedded ClickHouse."""
        return self.path / "clickhouse"

    @property
    def kafka(self) -> Path:
        """Directory of the broker on this machine, if there is one."""
        return self.path / "kafka"

    @property
    def streams(self) -> Path:
        """Directory of the streams application: its token, and what it could not read."""
        return self.path / "streams"

    @property
    def clickhouse_socket(self) -> Path:
        """Where the owner of ``clickhouse`` serves queries."""
        return self._socket("clickhouse")

    @property
    def control_socket(self) -> Path:
        """Where a running system is told what to do."""
        return self._socket("control")

    @property
    def up_log(self) -> Path:
        """What a system that runs in the background says."""
        return self.path / "up.log"

    def _socket(self, purpose: str) -> Path:
        """A home too deep for the path of a socket has it in the directory for temporary files,
        under a name that its path decides.
        """
        beside = self.path / f"{purpose}.sock"
        if len(os.fsencode(beside)) <= SOCKET_PATH_MAX:
            return beside
        name = blake2b(os.fsencode(self.path), digest_size=8).hexdigest()
        suffix = "" if purpose == "clickhouse" else f"-{purpose}"
        return Path(tempfile.gettempdir()) / f"wakeline-{os.getuid()}-{name}{suffix}.sock"

    def run_dir(self, run: str) -> RunDirectory:
        """The directory of a run, made if it is new.

        Raises:
            HomeError: it cannot be made.
        """
        directory = RunDirectory(self.runs_path / run)
        try:
            directory.path.mkdir(exist_ok=True)
        except OSError as error:
            raise HomeError(f"run {run}: {directory.path}: {error.strerror}") from error
        return directory

    def cell_dir(self, cell: str) -> Path:
        """Where a cell's logs lie that belong to no run, percent-encoded for the file system."""
        return self.path / "cells" / quote(cell, safe="")

    def runs(self) -> list[RunDirectory]:
        """Every run that trades and has a journal, the one started last at the end."""
        return [each for each in self.journals() if not each.terms.exists()]

    def journals(self) -> list[RunDirectory]:
        """Those, and the runs of firms and searches, in the order in which they were started."""
        places = (path.parent for path in self.runs_path.glob("*/journal.*"))
        directories = {RunDirectory(path) for path in places}
        found = [each for each in directories if each.journal.exists() or each.elsewhere.exists()]
        return sorted(found, key=lambda each: (_started_ns(each), each.run))

    def find_run(self, name: str | None = None) -> RunDirectory:
        """The run of that id that trades, or of the only id that begins so.

        ``latest`` is the newest run, as is none at all; ``previous`` is the one before it.

        Raises:
            HomeError: there is none, or more than one.
        """
        return self._found(self.runs(), name)

    def find_journal(self, name: str | None = None) -> RunDirectory:
        """As ``find_run``, and a firm's or a search's by its name."""
        newest = name in (None, "latest", "previous")
        return self._found(self.runs() if newest else self.journals(), name)

    def _found(self, runs: list[RunDirectory], name: str | None) -> RunDirectory:
        if not runs:
            raise HomeError(f"home {self.path}: no run yet; `wakeline backtest` makes one")
        if name in (None, "latest"):
            return runs[-1]
        if name == "previous" and len(runs) > 1:
            return runs[-2]
        exact = [each for each in runs if each.run == name]
        fitting = exact or [each for each in runs if each.run.startswith(name or "")]
        if len(fitting) == 1:
            return fitting[0]
        listed = ", ".join(each.run for each in fitting or runs)
        problem = "more than one run begins so" if fitting else "no such run"
        raise HomeError(f"run {name!r}: {problem}; there are: {listed}")

    @contextmanager
    def held(self, purpose: str) -> Iterator[None]:
        """Be the only process that changes this home, until the block ends or the process dies.

        Raises:
            HomeError: another process is; the message says which, and what for.
        """
        with (self.path / "lock").open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                holder = lock.read().strip() or "another process"
                raise HomeError(f"home {self.path}: in use by {holder}") from None
            # Who holds it is a courtesy to others; on a full disk it stays unsaid.
            with suppress(OSError):
                os.ftruncate(lock.fileno(), 0)
                os.write(lock.fileno(), f"process {os.getpid()} ({purpose})".encode())
            yield


def run_id(strategy: str, config_hash: str, attempt: int = 1) -> str:
    """The id of a run: what it trades and what it is configured by, so that equal runs meet again.

    Args:
        strategy: a registered name or ``FILE:CLASS``.
        config_hash: hexadecimal digest of the configuration; its first eight characters count.
        attempt: above 1 for a run that was forced beside an equal one.
    """
    name = strategy.rpartition(":")[2]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:40]
    suffix = f".{attempt}" if attempt > 1 else ""
    return f"{slug or 'run'}-{config_hash[:8]}{suffix}"


def _started_ns(directory: RunDirectory) -> int:
    places = (directory.config, directory.terms, directory.journal, directory.elsewhere)
    first = next(path for path in places if path.exists())
    return first.stat().st_mtime_ns
