"""The program behind ``ProjectorProcess``: owns the ClickHouse directory and projects one run.

    python -m runtime.projecting HOME

One line of JSON on its standard input names the run; a second one, ``end``, says that its journal
is complete. Meanwhile it answers queries on the home's socket.
"""

import contextlib
import os
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

import msgspec

from events.backends.files.span_file import SpanFiles
from events.backends.sqlite.index import SqliteJournalIndex
from events.errors import LogError
from projections.layout import prepare
from projections.projector import Projector
from projections.store.chdb import ChdbStore
from projections.store.errors import StoreInUse
from projections.store.server import QueryServer
from runtime.backends import CELL, backend_of, journal_of
from runtime.collecting import rare_collections
from runtime.home import Home, RunDirectory
from runtime.lean_arrow import spare_pandas
from runtime.outcome import Reckoning
from runtime.projector_process import Begin, Failed, Projected
from schemas.errors import UserError

PATIENCE_S: Final = 60.0
"""How long to wait for a directory that somebody else has: another run's projector, or a query."""


def main() -> None:
    """Project until the parent says that it is over, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle.
    spare_pandas()
    failed = True
    try:
        home = Home.existing(Path(sys.argv[1]))
        with _owned(home) as store:
            prepare(store)  # Whoever asks, however early, finds the tables.
            with QueryServer(store, home.clickhouse_socket):
                begin = _begun()
                if begin is not None:
                    # Said at the last insert: what follows is awaited, and is not the run's time.
                    _say(_project(home, store, begin))
                    _make_index(home.run_dir(begin.run))
        failed = False
    except (UserError, LogError) as error:
        _say(Failed(error=str(error)))
    except OSError as error:  # ClickHouse's client passes rows on in temporary files.
        _say(Failed(error=f"{error.filename or tempfile.gettempdir()}: {error.strerror}"))
    # The engine's own threads may outlive their last connection; everything is on disk by now.
    os._exit(failed)


def _say(answer: Projected | Failed) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(f"{msgspec.json.encode(answer).decode()}\n")
        sys.stdout.flush()


def _owned(home: Home) -> ChdbStore:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return ChdbStore(home.clickhouse)
        except StoreInUse:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _begun() -> Begin | None:
    """What the parent asks for, or ``None`` when it is gone."""
    line = sys.stdin.readline()
    return msgspec.json.decode(line, type=Begin) if line else None


def _project(home: Home, store: ChdbStore, begin: Begin) -> Projected:
    over = threading.Event()
    threading.Thread(target=_set_at_next_line, args=(over,), daemon=True).start()
    directory = home.run_dir(begin.run)
    backend = backend_of(directory)
    journal = backend.journal(CELL, begin.run)
    projector = Projector(store, backend.market_log(), journal, begin.run, sources=begin.sources)
    projector.follow(SpanFiles(directory.path))
    reckoning = Reckoning()
    projector.tell(reckoning.add)
    with rare_collections():
        progress = projector.run(over.is_set)
    return Projected(steps=progress.steps, rows=progress.rows, outcome=reckoning.outcome())


def _make_index(directory: RunDirectory) -> None:
    """Let the first question after a run find its index made."""
    SqliteJournalIndex(directory.index).catch_up(journal_of(directory))


def _set_at_next_line(over: threading.Event) -> None:
    sys.stdin.readline()
    over.set()


if __name__ == "__main__":
    main()
