"""Writes a run's report beside its journal."""

import shlex
from pathlib import Path

from runtime.backends import backend_of, journal_of
from runtime.files import write_whole
from runtime.home import Home, RunDirectory
from runtime.report.gather import gather
from runtime.report.render import render


def write_report(home: Home, directory: RunDirectory) -> Path:
    """Gather, render and write the report of a run; its path comes back.

    A crash leaves the report before or the new one, never half of one.

    Raises:
        NothingToReport: the run has not recorded a step.
        Corrupt: its journal or market log does not decode.
    """
    backend = backend_of(directory)
    journal, market_log = journal_of(directory), backend.market_log()
    data = gather(journal, market_log, _commands(home, directory))
    write_whole(directory.report, render(data).encode())
    return directory.report


def _commands(home: Home, directory: RunDirectory) -> tuple[str, ...]:
    place = ("--home", str(home.path))
    return (
        shlex.join(("wakeline", "backtest", str(directory.config), *place)),
        shlex.join(("wakeline", "replay", directory.run, "--verify", *place)),
    )
