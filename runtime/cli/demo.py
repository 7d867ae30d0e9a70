"""``wakeline demo``: a real session in one command."""

import os
import sys
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import console, print_json, progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from runtime.explanation import Explanation
    from runtime.home import Home, RunDirectory
    from runtime.replaying import Replayed
    from runtime.results import BacktestResult
    from runtime.sightings import Drawn

EXAMPLE: Final = "wakeline demo"

CONFIGURATION: Final = Path(__file__).parents[1] / "samples" / "demo.toml"


def demo(
    new: Annotated[bool, typer.Option("--new", help="Start another run in any case.")] = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Run a day of real EUR/USD ticks, ask why an order was stopped, and verify every decision."""
    from runtime.backtesting import run_backtest
    from runtime.cli.watching import watched
    from runtime.config import load_config
    from runtime.explanation import explain
    from runtime.home import Home
    from runtime.replaying import first_veto, verify
    from runtime.reporting import write_report

    place = Home.create(home)
    with watched(progress()) as watcher:
        result = run_backtest(place, load_config(CONFIGURATION), watcher, new=new)
    directory = place.find_run(result.run)
    report = write_report(place, directory)
    veto = first_veto(directory)
    explanation = explain(place, veto, result.run) if veto else None
    replayed = verify(place, directory)
    pictures = _pictures(directory)
    if as_json:
        answer = {
            "backtest": result,
            "report": str(report),
            "veto": explanation,
            "patterns": pictures,
        }
        print_json({**answer, "identical": replayed.verdict.identical})
    else:
        terminal = console()
        _show(terminal, result, explanation, pictures, replayed)
        terminal.print("\n[bold]What next[/bold]")
        _show_next(terminal, explanation.id if explanation else result.run, report, _program(place))
    if not replayed.verdict.identical:
        raise typer.Exit(1)


def _show(
    console: "Console",
    result: "BacktestResult",
    explanation: "Explanation | None",
    pictures: "Sequence[Drawn]",
    replayed: "Replayed",
) -> None:
    from runtime.cli import backtest, patterns, replay, why

    console.print("\n[bold]A backtest of three strategies on real ticks[/bold]")
    backtest.show(console, result)
    if explanation is not None:
        console.print("\n[bold]Why was this order not sent?[/bold]")
        why.show(console, explanation)
    for picture in pictures:
        recogniser = picture.answer.sighting.recogniser
        console.print(f"\n[bold]What did the recogniser {recogniser!r} see in the chart?[/bold]")
        patterns.show(console, picture)
    console.print("\n[bold]Does the recorded run come out the same again?[/bold]")
    replay.show(console, result.run, replayed)


def _pictures(directory: "RunDirectory") -> "Sequence[Drawn]":
    """The formation that took longest, and what the model was surest of, beside the journal."""
    from events.backends.sqlite.journal import SqliteJournal
    from runtime.sightings import draw, sightings

    journal = SqliteJournal(directory.journal)
    seen = list(sightings(journal))
    formed = [each for each in seen if each.begins]
    longest = max(formed, key=lambda each: each.ts - (each.begins or 0), default=None)
    judged = [each for each in seen if each.calibrated]
    surest = max(judged, key=lambda each: each.confidence or 0.0, default=None)
    chosen = [each for each in (longest, surest) if each is not None]
    return [draw(journal, each.id, directory.path) for each in chosen]


def _show_next(console: "Console", asked: str, report: Path, program: str) -> None:
    vetoes = '"SELECT rule, count() FROM checks WHERE NOT passed GROUP BY rule"'
    for command, purpose in (
        (f"xdg-open {report}", "the report, in a browser"),
        (f"{program} tail --kind 'order.*'", "what happened, as it was recorded"),
        (f"{program} why {asked}", "from an order back to the tick"),
        (f"{program} patterns list", "what was seen in the charts"),
        (f"{program} sql {vetoes}", "everything, in SQL"),
        (f"{program} replay --param period=31", "what a parameter changes, and where first"),
        (f"{program} backtest --help", "your own ticks and strategy"),
    ):
        console.print(f"  [bold]{command}[/bold]\n      [dim]{purpose}[/dim]")


def _program(home: "Home") -> str:
    """The program as this user can type it, with the home where it is not the usual one."""
    name = Path(sys.argv[0])
    typed = "wakeline" if which("wakeline") else os.path.relpath(name)
    return typed if home.path == DEFAULT_HOME.absolute() else f"{typed} --home {home.path}"
