"""``wakeline sql``: questions to the embedded ClickHouse."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import tell
from runtime.cli.rows import show_rows

if TYPE_CHECKING:
    from rich.console import Console

    from projections.store.port import Answer

EXAMPLE: Final = 'wakeline sql "SELECT kind, count() FROM events GROUP BY kind ORDER BY 2 DESC"'


def sql(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="One statement that only reads.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Ask ClickHouse about ticks, signals, orders and risk decisions of all runs."""
    from projections.store.opening import open_queries
    from runtime.home import Home

    place = Home.existing(home)
    with open_queries(place.clickhouse, place.clickhouse_socket) as queries:
        answer = queries.query(query)
    tell(
        {"columns": answer.columns, "rows": answer.rows},
        as_json=as_json,
        show=lambda console: _show(console, answer),
    )


def _show(console: "Console", answer: "Answer") -> None:

    show_rows(
        console,
        answer.columns,
        [["" if cell is None else str(cell) for cell in row] for row in answer.rows],
    )
    count = len(answer.rows)
    console.print(f"[dim]{count:,} row{'' if count == 1 else 's'}[/dim]")
