"""Rows as a table, or one below the other where the terminal is too narrow for one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

_UNLIMITED: Final = 1_000_000


def show_rows(console: "Console", columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write every value whole: nothing is cut, whatever the width."""
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=None)
    for row in rows:
        table.add_row(*map(Text, row))
    unlimited = console.options.update(width=_UNLIMITED)
    if Measurement.get(console, unlimited, table).maximum <= console.width:
        console.print(table)
        return
    widest = max(map(len, columns))
    for number, row in enumerate(rows, 1):
        console.print(f"[dim]row {number}[/dim]")
        for column, value in zip(columns, row, strict=True):
            console.print(Text.assemble((f"  {column:<{widest}}  ", "dim"), value))
