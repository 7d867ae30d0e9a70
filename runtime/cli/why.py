"""``wakeline why``: from an order, signal or trade back to the tick behind it."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import tell

if TYPE_CHECKING:
    from rich.console import Console

    from events.lineage import Link
    from runtime.explanation import Explanation

EXAMPLE: Final = "wakeline why 3f9a0c41d2"


def why(
    identifier: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            help="An order, signal, event, trade or tick (source:number), or how it begins; "
            "else the run's last order, one that was stopped if there is any.",
        ),
    ] = None,
    run: Annotated[
        str | None, typer.Option(help="Look in this run only; otherwise in all, newest first.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Explain an order, sent or not: the decision, signal, bar and tick behind it."""
    from runtime.explanation import explain, last_order
    from runtime.home import Home

    place = Home.existing(home)
    if identifier is None:
        directory = place.find_run(run)
        identifier, run = last_order(directory), directory.run
    explanation = explain(place, identifier, run)
    tell(explanation, as_json=as_json, show=lambda console: show(console, explanation))


def show(console: "Console", explanation: "Explanation") -> None:
    """The answer for people."""
    console.print(f"[bold]{explanation.id}[/bold] in run {explanation.run}\n")
    for place, link in enumerate(explanation.chain):
        console.print(_label("   " if place == 0 else " ← ", link))
    if explanation.outcome:
        console.print("\n[bold]What came of it[/bold]")
    for link in explanation.outcome:
        console.print(_label(" → ", link))


def _label(arrow: str, link: "Link") -> str:
    from rich.markup import escape

    from runtime.cli.colours import colour_of
    from runtime.cli.formats import utc
    from runtime.cli.summaries import summary

    return (
        f"[dim]{arrow}[/dim][{colour_of(link.kind)}]{link.kind:<18}[/] "
        f"{escape(summary(link.kind, link.payload))}\n"
        f"{'':22}[dim]{utc(link.ts)}  {escape(link.author)}  {escape(link.position)}[/dim]"
    )
