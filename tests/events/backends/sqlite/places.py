"""Logs in a folder, for tests in this process and for programs that a test starts and kills."""

from pathlib import Path

from events.backends.sqlite.ingress import SqliteIngress
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog


def market_log(folder: str) -> SqliteMarketLog:
    """The market log of a folder."""
    return SqliteMarketLog(Path(folder) / "market")


def journal(folder: str) -> SqliteJournal:
    """The journal of a folder."""
    return SqliteJournal(Path(folder) / "cells" / "journal.sqlite")


def ingress(folder: str) -> SqliteIngress:
    """The ingress of a folder."""
    return SqliteIngress(Path(folder) / "cells" / "ingress.sqlite")
