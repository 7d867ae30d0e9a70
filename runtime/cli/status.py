"""``wakeline status``: how the running system is."""

from typing import Final

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import tell

EXAMPLE: Final = "wakeline status"


def status(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Show every actor: its state, how far it is, how far behind, and its last decision."""
    from runtime.cli.actors_table import show_actors
    from runtime.control.client import ask
    from runtime.control.messages import Ask
    from runtime.home import Home

    answer = ask(Home.existing(home), Ask(verb="status"))
    told = {"pid": answer.pid, "host": answer.host, "actors": answer.actors}
    tell(told, as_json=as_json, show=lambda console: show_actors(console, answer.actors))
