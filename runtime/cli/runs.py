"""``wakeline runs``: what ran in this home."""

from typing import TYPE_CHECKING, Final

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import tell
from runtime.cli.rows import show_rows

if TYPE_CHECKING:
    from rich.console import Console

    from runtime.history import RunSummary

EXAMPLE: Final = "wakeline runs"


def runs(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """List the runs of this home, the newest last."""
    from runtime.history import summary_of
    from runtime.home import Home

    found = [summary_of(directory) for directory in Home.existing(home).journals()]
    tell({"runs": found}, as_json=as_json, show=lambda console: _show(console, found))


def _show(console: "Console", found: "list[RunSummary]") -> None:
    from runtime.cli.formats import utc

    columns = ("run", "state", "from", "to", "fills", "vetoes", "profit", "drawdown", "Sharpe")
    rows = [
        (run.run, run.state, utc(run.first_ts)[:16], utc(run.last_ts)[:16], *_figures(run))
        for run in found
    ]
    show_rows(console, columns, rows)


def _figures(run: "RunSummary") -> tuple[str, ...]:
    figures = run.figures
    if figures is None:
        return ("",) * 5
    return (
        f"{figures.fills:,}",
        f"{figures.vetoes:,}",
        f"{figures.pnl:+,.2f} {figures.currency}",
        f"{figures.max_drawdown:.2%}",
        "" if figures.sharpe is None else f"{figures.sharpe:.2f}",
    )
