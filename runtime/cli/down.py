"""``wakeline down``: the running system stops in order."""

from typing import Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption

EXAMPLE: Final = "wakeline down"


def down(
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Return when everything has stopped.")
    ] = True,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Stop feeds, then cells, then the projector; `up` goes on from there."""
    from runtime.cli.output import tell
    from runtime.cli.telling import tell_system
    from runtime.control.client import NotUp, await_end
    from runtime.control.messages import Ask
    from runtime.home import Home

    place = Home.existing(home)
    try:
        tell_system(home, Ask(verb="down"), "Everything stops.", as_json=as_json)
    except NotUp:
        nothing: dict[str, object] = {"pid": 0, "commands": {}}
        tell(nothing, as_json=as_json, show=lambda console: console.print("Nothing is up."))
    if wait:
        await_end(place)
