"""``wakeline patterns``: what recognisers saw in a run, as a list and as pictures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import tell
from runtime.cli.rows import show_rows
from schemas.errors import UserError

if TYPE_CHECKING:
    from collections import Counter

    from rich.console import Console

    from events.journal import Journal
    from runtime.sightings import Drawn, Sighting

EXAMPLE: Final = "wakeline patterns show 412.3"


class WhichPattern(UserError):
    """The command was not told what to show, or was told too much."""


def patterns(
    action: Annotated[
        Literal["list", "show"], typer.Argument(help="List the answers of a run, or show one.")
    ],
    position: Annotated[
        str | None,
        typer.Argument(metavar="[POSITION]", help="Where it stands (seq.index), or its id."),
    ] = None,
    run: Annotated[
        str | None, typer.Option(help="The beginning of a run's id, or previous; else the latest.")
    ] = None,
    pattern: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="List only this pattern, or reason; repeatable."),
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="List so many, newest.")] = 20,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", help="Write the picture here; else beside the journal."),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """List what recognisers saw in a run, or write the picture of one of their answers."""
    from runtime.backends import journal_of
    from runtime.home import Home

    directory = Home.existing(home).find_run(run)
    journal = journal_of(directory)
    if action == "list":
        if position is not None:
            raise WhichPattern("patterns list: takes no position; patterns show does")
        _list(journal, directory.run, tuple(pattern or ()), count, as_json=as_json)
        return
    if position is None:
        raise WhichPattern("patterns show: say which, such as 412.3; patterns list shows them")
    from runtime.sightings import draw

    drawn = draw(journal, position, to or directory.path)
    tell(drawn, as_json=as_json, show=lambda console: show(console, drawn))


def _list(
    journal: "Journal", run: str, names: tuple[str, ...], count: int, *, as_json: bool
) -> None:
    from collections import Counter

    from runtime.sightings import sightings

    found = [
        each
        for each in sightings(journal)
        if not names or each.pattern in names or each.reason in names
    ]
    total = Counter(each.pattern or each.reason for each in found)
    answer = {"run": run, "count": dict(total.most_common()), "patterns": found[-count:]}
    tell(answer, as_json=as_json, show=lambda console: _show_list(console, found[-count:], total))


def _show_list(console: "Console", found: "list[Sighting]", total: "Counter[str]") -> None:
    from runtime.cli.formats import utc

    columns = ("position", "market time", "instrument", "interval", "recogniser", "says", "conf.")
    rows = [
        (
            each.position.rpartition(":")[2],
            utc(each.ts),
            each.instrument,
            each.interval,
            each.recogniser,
            f"{each.pattern} {each.direction}" if each.pattern else f"({each.reason})",
            _confidence(each),
        )
        for each in found
    ]
    show_rows(console, columns, rows)
    said = ", ".join(f"{name} {count:,}" for name, count in total.most_common())
    console.print(f"[dim]{total.total():,} in all: {said or 'nothing was seen'}[/dim]")


def _confidence(sighting: "Sighting") -> str:
    if sighting.confidence is None:
        return ""
    return f"{sighting.confidence:.2f}" if sighting.calibrated else "–"


def show(console: "Console", drawn: "Drawn") -> None:
    """An answer and its picture's place, for people."""
    from rich.markup import escape

    from runtime.cli.formats import utc

    about = drawn.answer
    said = about.sighting
    if said.pattern:
        told = "calibrated" if said.calibrated else "not calibrated"
        what = f"{said.pattern}, {said.direction}, confidence {said.confidence:.2f} ({told})"
    else:
        what = f"abstained: {said.reason}{f', {said.detail}' if said.detail else ''}"
    looked = "at this picture" if about.seen == "picture" else "at the numbers, not at this picture"
    lines = [
        ("said", what),
        ("by", f"{said.recogniser}, which looked {looked}"),
        ("about", f"{said.instrument}, {about.bars} bars of {said.interval} to {utc(said.ts)}"),
        ("begins", utc(said.begins) if said.begins else "not told"),
        ("position", said.position),
        ("picture", drawn.picture),
        ("chart hash", about.chart_hash),
    ]
    for name, value in lines:
        console.print(f"[dim]{name:<11}[/dim]{escape(value)}")
