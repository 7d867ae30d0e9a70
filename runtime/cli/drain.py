"""``wakeline drain``: a command to a running cell."""

from typing import Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption

EXAMPLE: Final = "wakeline drain paper"


def drain(
    cell: Annotated[str, typer.Argument(help="Its name in the topology.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Let a cell open nothing any more, and stop for good once no order is on its way."""
    from runtime.cli.telling import tell_system
    from runtime.control.messages import Ask
    from schemas.operator import DRAIN

    wish = Ask(verb="command", name=cell, command=DRAIN)
    tell_system(
        home, wish, f"{cell} is told to finish what is on its way, and to stop.", as_json=as_json
    )
