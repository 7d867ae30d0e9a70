"""``wakeline risk``: what may still be traded, by a person's word."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption

EXAMPLE: Final = "wakeline risk flatten paper"


class Word(StrEnum):
    """What can be said to risk."""

    HALT = "halt"
    FLATTEN = "flatten"
    REDUCE_ONLY = "reduce-only"
    RESUME = "resume"


_DOES: Final = {
    Word.HALT: "trade nothing any more",
    Word.FLATTEN: "close everything and trade nothing any more",
    Word.REDUCE_ONLY: "trade only what reduces",
    Word.RESUME: "trade again; losses are measured from here on",
}


def risk(
    word: Annotated[Word, typer.Argument(help="What risk is to do.")],
    name: Annotated[
        str, typer.Argument(help="Of a cell in the topology, or of a firm, for all of its cells.")
    ],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Halt a cell or a whole firm, close what it holds, let it only reduce, or let it go on."""
    from runtime.cli.telling import tell_system
    from runtime.control.messages import Ask

    wish = Ask(verb="command", name=name, command=f"risk.{word.replace('-', '_')}")
    tell_system(home, wish, f"{name} is told to {_DOES[word]}.", as_json=as_json)
