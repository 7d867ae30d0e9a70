"""The lives of cells' writers: a run's code, configuration and end."""

from typing import Final

from projections.tables.column import term, text, whole
from projections.tables.event_table import Values, event_table
from schemas.cell import CellLive, CellStarted, CellStopped


def _values(cell: CellStarted | CellLive | CellStopped) -> Values:
    match cell:
        case CellStarted():
            return cell.code_hash, cell.config_hash, cell.configuration, cell.version, 0, "", ""
        case CellLive(recovered_steps=recovered):
            return "", "", "", "", recovered, "", ""
        case CellStopped(reason=reason, error=error):
            return "", "", "", "", 0, reason, error


CELLS: Final = event_table(
    "cells",
    (CellStarted, CellLive, CellStopped),
    (
        term("code_hash"),
        term("config_hash"),
        text("configuration"),
        term("program_version"),
        whole("recovered_steps"),
        term("reason"),
        text("error"),
    ),
    _values,
)
"""Columns that a row's kind does not have are empty."""
