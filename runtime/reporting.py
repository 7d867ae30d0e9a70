"""Writes a run's report beside its journal."""

from pathlib import Path

from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
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
    command = f"wakeline backtest {directory.config}"
    data = gather(SqliteJournal(directory.journal), SqliteMarketLog(home.market), command)
    unfinished = directory.report.with_suffix(".tmp")
    unfinished.write_text(render(data), encoding="utf-8")
    unfinished.replace(directory.report)
    return directory.report
