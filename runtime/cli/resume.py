"""``wakeline resume``: a command to a running cell."""

from typing import Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption

EXAMPLE: Final = "wakeline resume paper"


def resume(
    cell: Annotated[str, typer.Argument(help="Its name in the topology.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Let a paused cell open positions again."""
    from runtime.cli.telling import tell_system
    from runtime.control.messages import Ask
    from schemas.operator import RESUME

    wish = Ask(verb="command", name=cell, command=RESUME)
    tell_system(home, wish, f"{cell} is told to go on.", as_json=as_json)
