"""``wakeline pause``: a command to a running cell."""

from typing import Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption

EXAMPLE: Final = "wakeline pause paper"


def pause(
    cell: Annotated[str, typer.Argument(help="Its name in the topology.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Let a cell open nothing any more; what it would have opened is vetoed, and says so."""
    from runtime.cli.telling import tell_system
    from runtime.control.messages import Ask
    from schemas.operator import PAUSE

    wish = Ask(verb="command", name=cell, command=PAUSE)
    tell_system(home, wish, f"{cell} is told to open nothing.", as_json=as_json)
