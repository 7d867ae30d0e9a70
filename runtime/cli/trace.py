"""``wakeline trace``: how long a chain of decisions took, and where."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import tell

if TYPE_CHECKING:
    from rich.console import Console

    from runtime.tracing import Trace, TracedSpan

EXAMPLE: Final = "wakeline trace 3f9a0c41d2"

_CHART: Final = 24
_PARTS: Final = " ▏▎▍▌▋▊▉█"


def trace(
    identifier: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            help="An order, signal, event, trade or tick, or how it begins, or a trace; else the "
            "run's last order.",
        ),
    ] = None,
    run: Annotated[
        str | None, typer.Option(help="Look in this run only; otherwise in all, newest first.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Show the chain of an order with its times: when each decision waited, and how long it took.

    Times are there for runs that were traced: `wakeline backtest --trace`, `wakeline up --trace`.
    """
    from runtime.explanation import last_order
    from runtime.home import Home
    from runtime.tracing import find_trace

    place = Home.existing(home)
    if identifier is None:
        directory = place.find_run(run)
        identifier, run = last_order(directory), directory.run
    found = find_trace(place, identifier, run)
    tell(found, as_json=as_json, show=lambda console: show(console, found))


def show(console: "Console", found: "Trace") -> None:
    """The answer for people."""
    from rich.markup import escape

    from runtime.cli.formats import elapsed, utc

    console.print(f"[bold]{escape(found.id)}[/bold] in run {found.run}, trace {found.trace}")
    took = f"{len(found.spans)} spans in {elapsed(found.duration_ns)} from {utc(found.start)}"
    console.print(f"[dim]{took}, on {found.spans[0].host}[/dim]\n")
    console.print(f"[dim]{'market':>10}{'clock':>10}{'waited':>10}{'took':>10}[/dim]")
    for span in found.spans:
        console.print(_line(span, found.duration_ns))


def _line(span: "TracedSpan", whole: int) -> str:
    from rich.markup import escape

    from runtime.cli.colours import colour_of
    from runtime.cli.formats import elapsed

    stretches = (span.market_ns, span.offset_ns, span.queue_ns, span.handling_ns)
    times = "".join(f"{'' if each is None else elapsed(each):>10}" for each in stretches)
    colour = colour_of(span.name.rpartition(" ")[2])
    branch = f"{'  ' * (span.depth - 1)}└ " if span.depth else ""
    where = escape("  ".join(filter(None, (span.author, span.position))))
    return (
        f"{times}  [{colour}]{bar(span.offset_ns, span.handling_ns, whole)}[/] "
        f"[dim]{branch}[/dim][{colour}]{span.name}[/]  [dim]{where}[/dim]"
    )


def bar(offset: int, length: int, whole: int) -> str:
    """A bar in a chart of ``whole``, in eighths of a character; what took any time is seen."""
    eighths = 8 * _CHART
    begin = min(offset * eighths // whole, eighths - 8) if whole else 0
    size = max(1, length * eighths // whole) if whole else 1
    lead = begin // 8
    filled = min(size, eighths - 8 * lead)
    drawn = _PARTS[8] * (filled // 8) + (_PARTS[filled % 8] if filled % 8 else "")
    return f"{' ' * lead}{drawn}".ljust(_CHART)
