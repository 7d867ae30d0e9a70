"""``wakeline replay``: the same inputs through the same code."""

from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from runtime.cli.formats import brief
from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption, RunArgument
from runtime.cli.output import tell

if TYPE_CHECKING:
    from rich.console import Console

    from events.replay import Difference
    from runtime.home import Home, RunDirectory
    from runtime.recomputing import Recomputed
    from runtime.replaying import Replayed

EXAMPLE: Final = "wakeline replay --verify"


def replay(
    run: RunArgument = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Exit with 1 unless every decision is the same.")
    ] = False,
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="K=V", help="Set a parameter otherwise, to see what it changes."),
    ] = None,
    recompute: Annotated[
        Literal["patterns"] | None,
        typer.Option(help="Ask the recognisers again; exit with 1 unless they say the same."),
    ] = None,
    every_tick: Annotated[
        bool,
        typer.Option(
            "--every-tick", help="Show the simulated venue the ticks, too, that no order waits for."
        ),
    ] = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Recompute a run from the recorded market, and show the first decision that differs."""
    from actors.strategies.settings import assignments
    from runtime.cli.differences import difference_fields
    from runtime.home import Home
    from runtime.replaying import verify as recomputed

    place = Home.existing(home)
    if recompute is not None:
        _recompute(place, place.find_run(run), as_json=as_json)
        return
    directory = place.find_journal(run)
    changed = assignments(param or [])
    replayed = recomputed(place, directory, changed, every_tick=every_tick)
    verdict = replayed.verdict
    answer = {
        "run": directory.run,
        "identical": verdict.identical,
        "decisions": verdict.decisions,
        "first_difference": difference_fields(verdict.first_difference),
        "same_code": replayed.same_code,
    }
    tell(answer, as_json=as_json, show=lambda console: show(console, directory.run, replayed))
    if verify and not verdict.identical:
        raise typer.Exit(1)


def _recompute(place: "Home", directory: "RunDirectory", *, as_json: bool) -> None:
    from runtime.config import load_config
    from runtime.recomputing import recompute_patterns
    from runtime.serving import ServedModels

    models = ServedModels(place, load_config(directory.config).patterns)
    recomputed = recompute_patterns(directory, models, models.of_version)
    answer = {
        "run": directory.run,
        "answers": recomputed.answers,
        "differences": recomputed.differences,
    }
    tell(
        answer,
        as_json=as_json,
        show=lambda console: _show_recomputed(console, directory.run, recomputed),
    )
    if recomputed.differences:
        raise typer.Exit(1)


def _show_recomputed(console: "Console", run: str, recomputed: "Recomputed") -> None:
    if not recomputed.differences:
        console.print(f"[green]identical[/green]: {run}, {recomputed.answers:,} answers")
        return
    first, count = recomputed.differences[0], len(recomputed.differences)
    console.print(f"[red]different[/red]: {run}, {count:,} of {recomputed.answers:,} answers")
    console.print(f"first at {first.position}")
    console.print(f"recorded    {brief(first.recorded)}")
    console.print(f"recomputed  {brief(first.recomputed)}")


def show(console: "Console", run: str, replayed: "Replayed") -> None:
    """The answer for people."""
    from runtime.cli.differences import show_difference

    verdict = replayed.verdict
    if not replayed.same_code:
        console.print("[yellow]The deciding code has changed since this run was recorded.[/yellow]")
    difference: Difference | None = verdict.first_difference
    if difference is None:
        console.print(f"[green]identical[/green]: {run}, {verdict.decisions:,} decisions")
    else:
        console.print(f"[red]different[/red]: {run}, after {verdict.decisions:,} equal decisions")
        show_difference(console, difference, ("recorded", "recomputed"))
