"""``wakeline actors``: what can be done to one actor of the running system."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption

EXAMPLE: Final = "wakeline actors restart projector"


class Action(StrEnum):
    """What is to be done."""

    RESTART = "restart"


def actors(
    action: Annotated[Action, typer.Argument(help="restart ends it at once and makes another.")],
    name: Annotated[str, typer.Argument(help="Its name, as `wakeline status` shows it.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Replace an actor, a degraded one too; it goes on from what is durable."""
    from runtime.cli.telling import tell_system
    from runtime.control.messages import Ask

    wish = Ask(verb=action.value, name=name)
    tell_system(home, wish, f"{name} is replaced.", as_json=as_json)
