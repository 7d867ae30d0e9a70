"""``wakeline candidates``: what a search tried, and what each came to."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import tell
from runtime.cli.rows import show_rows

if TYPE_CHECKING:
    from rich.console import Console

    from runtime.candidates import Candidate, Candidates

EXAMPLE: Final = "wakeline candidates channels --count 5"


def candidates(
    search: Annotated[
        str, typer.Argument(metavar="SEARCH", help="Its name, or the beginning of its run's id.")
    ],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="Of the best, so many.")] = 20,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Rank the candidates of a search, and say whether the best is better than luck."""
    from runtime.candidates import candidates_of
    from runtime.home import Home

    found = candidates_of(Home.existing(home).find_journal(search))
    answer = {
        "run": found.run,
        "tried": found.tried,
        "of": len(found.candidates),
        "verdict": found.verdict,
        "candidates": found.candidates[:count],
    }
    tell(answer, as_json=as_json, show=lambda console: _show(console, found, count))


def _show(console: "Console", found: "Candidates", count: int) -> None:
    columns = ("parameters", "Sharpe", "profit", "drawdown", "fills", "state", "backtest", "reason")
    show_rows(console, columns, [_row(each) for each in found.candidates[:count]])
    console.print(f"{found.tried} of {len(found.candidates)} tried", end="")
    if found.verdict:
        verdict = found.verdict
        console.print(
            f"; the best has {verdict['sharpe']:.4f} a period where luck has"
            f" {verdict['expected_maximum']:.4f}: better with a probability of"
            f" [bold]{verdict['deflated_sharpe']:.4f}[/bold]",
            end="",
        )
    console.print()


def _row(candidate: "Candidate") -> tuple[str, ...]:
    figures = candidate.figures
    parameters = " ".join(f"{name}={value}" for name, value in candidate.parameters.items())
    sharpe = f"{figures['sharpe']:.4f}" if "sharpe" in figures else ""
    came_to = ("", "", "")
    if figures:
        came_to = (
            f"{figures['pnl']:+,.2f}",
            f"{figures['max_drawdown']:.2%}",
            f"{figures['fills']:,.0f}",
        )
    return (parameters, sharpe, *came_to, candidate.state, candidate.backtest, candidate.reason)
