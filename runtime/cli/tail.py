"""``wakeline tail``: the journal as it grows."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption, RunArgument
from runtime.cli.output import console, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from runtime.following import PlacedEvent

EXAMPLE: Final = "wakeline tail --kind 'order.*' --kind signal.withheld --follow"


def tail(
    run: RunArgument = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help="Only this kind; order.* for a subject; repeatable."),
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=0, help="Events to begin with.")] = 20,
    follow: Annotated[
        bool,
        typer.Option("--follow", "-f", help="Go on until the run ends, an object a line as JSON."),
    ] = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Show the last events of a run, and with --follow those that come."""
    from runtime.backends import journal_of
    from runtime.following import coming_events, last_events
    from runtime.history import summary_of
    from runtime.home import Home

    directory = Home.existing(home).find_journal(run)
    journal = journal_of(directory)
    kinds = tuple(kind or ())
    end = journal.end()
    last = last_events(journal, count, kinds, end)
    if as_json and not follow:
        print_json({"run": directory.run, "events": last})
        return
    _show(last, as_json=as_json)
    if follow:

        def ended() -> bool:
            return summary_of(directory).state != "unfinished"

        _show(coming_events(journal, end, kinds, until=ended), as_json=as_json)


def _show(events: "Iterable[PlacedEvent]", *, as_json: bool) -> None:
    if as_json:
        for event in events:
            print_json(event)
        return
    from rich.markup import escape

    from runtime.cli.colours import colour_of
    from runtime.cli.formats import utc
    from runtime.cli.summaries import summary

    out = console()
    for event in events:
        colour = colour_of(event.kind)
        out.print(
            f"[dim]{utc(event.ts)}[/dim]  [{colour}]{event.kind:<22}[/]  "
            f"{escape(summary(event.kind, event.payload))}  "
            f"[dim]{escape(event.author)} {escape(event.id)}[/dim]"
        )
