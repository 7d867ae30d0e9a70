"""``wakeline ask``: questions that need no SQL of one's own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption, RunArgument
from runtime.cli.output import tell
from runtime.cli.rows import show_rows
from schemas.errors import UserError

if TYPE_CHECKING:
    from msgspec import Struct
    from rich.console import Console

EXAMPLE: Final = "wakeline ask mark-outs"


EARLIEST_MOMENT: Final = 10**17
"""1973. A smaller number of nanoseconds is a length of time, and stays a number."""


def ask(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="Its name; `ask list` shows them all.")
    ],
    run: RunArgument = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Answer a question about a run: mark-outs, slippage, drawdowns, latency and so on."""
    from projections.store.opening import open_queries
    from runtime.home import Home
    from runtime.questions import QUESTIONS

    if question == "list":
        names = [*QUESTIONS]
        tell({"questions": names}, as_json=as_json, show=lambda console: console.print(*names))
        return
    if question not in QUESTIONS:
        raise UserError(f"ask {question!r}: no such question; there are {', '.join(QUESTIONS)}")
    place = Home.existing(home)
    directory = place.find_run(run)
    with open_queries(place.clickhouse, place.clickhouse_socket) as queries:
        rows = QUESTIONS[question](queries, directory.run)
    answer = {"question": question, "run": directory.run, "rows": rows}
    tell(answer, as_json=as_json, show=lambda console: _show(console, rows))


def _show(console: "Console", rows: "Sequence[Struct]") -> None:
    from rich.text import Text

    if not rows:
        console.print("[dim]nothing[/dim]")
        return
    columns = _columns(rows)
    shared = {name for name, texts in columns.items() if len(rows) > 1 and len(set(texts)) == 1}
    if shared:
        # What is the same in every row would only make the table wider than the terminal.
        facts = [f"{name} {columns[name][0]}" for name in columns if name in shared]
        console.print(Text("all: " + ", ".join(facts), style="dim"))
    apart = {name: texts for name, texts in columns.items() if name not in shared}
    show_rows(console, [*apart], [*zip(*apart.values(), strict=True)])


def _columns(rows: "Sequence[Struct]") -> dict[str, list[str]]:
    from msgspec import structs

    names = [field.name for field in structs.fields(rows[0])]
    return {name: [_text(name, getattr(row, name)) for row in rows] for name in names}


def _text(name: str, value: object) -> str:
    from runtime.cli.formats import utc

    match value:
        case None:
            return ""
        case int() if (name == "ts" or name.endswith("_ns")) and value > EARLIEST_MOMENT:
            return utc(value)
        case float():
            return f"{value:.6g}"
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
