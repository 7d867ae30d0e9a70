"""How far a backtest is, on a terminal's standard error."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from rich.console import Console


class ProgressWatcher:
    """Implements ``runtime.backtesting.Watcher`` with one line that changes."""

    def __init__(self, bars: Progress) -> None:
        self._bars: Final = bars
        self._task: Final = bars.add_task("starting", total=None)

    def reading(self, source: str, rows: int) -> None:
        self._bars.update(self._task, description=f"reading {source}: {rows:,} rows")

    def running(self, rows: int, of: int) -> None:
        description = f"running: {rows:,} ticks"
        self._bars.update(self._task, description=description, completed=rows, total=of)

    def projecting(self) -> None:
        self._bars.update(self._task, description="writing to ClickHouse", total=None)


@contextmanager
def watched(console: "Console") -> Iterator[ProgressWatcher]:
    """A watcher for the block; on anything but a terminal it says nothing."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        try:
            yield ProgressWatcher(bars)
        except KeyboardInterrupt:
            console.print("interrupted; the same command goes on from here")
            raise
