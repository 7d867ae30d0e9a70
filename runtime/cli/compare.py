"""``wakeline compare``: runs side by side."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import tell

if TYPE_CHECKING:
    from rich.console import Console

    from runtime.comparing import Comparison

EXAMPLE: Final = "wakeline compare ema-cross-1a2b3c4d ema-cross-5e6f7a8b"


def compare(
    run: Annotated[list[str], typer.Argument(metavar="RUN RUN...", help="Two runs or more.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Hold the results and configurations of runs against each other."""
    from runtime.cli.differences import difference_fields
    from runtime.comparing import compare_runs
    from runtime.home import Home

    place = Home.existing(home)
    comparison = compare_runs([place.find_run(name) for name in run])
    answer = {
        "runs": comparison.results,
        "configuration": comparison.configuration,
        "identical": comparison.first_difference is None,
        "first_difference": difference_fields(comparison.first_difference),
    }
    tell(answer, as_json=as_json, show=lambda console: _show(console, comparison))


def _show(console: "Console", comparison: "Comparison") -> None:
    from msgspec import to_builtins
    from rich.table import Table

    from runtime.cli.differences import show_difference

    results = [to_builtins(result) for result in comparison.results]
    table = Table("", *(result["run"] for result in results), box=None)
    for field, values in comparison.configuration.items():
        table.add_row(f"[yellow]{field}[/yellow]", *map(_text, values))
    for field in results[0]:
        if field != "run":
            table.add_row(field, *(_text(result[field]) for result in results))
    console.print(table)
    if comparison.first_difference is None:
        console.print("[green]The same decisions.[/green]")
    else:
        names = (comparison.results[0].run, comparison.results[1].run)
        console.print("The first decision that differs between the first two:")
        show_difference(console, comparison.first_difference, names)


def _text(value: object) -> str:
    match value:
        case None:
            return "–"
        case float():
            return f"{value:,.4f}"
        case int():
            return f"{value:,}"
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)
