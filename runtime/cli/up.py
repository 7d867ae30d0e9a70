"""``wakeline up``: a topology at work."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from runtime.home import Home

EXAMPLE: Final = "wakeline up runtime/samples/paper-process.toml --detach"


def up(
    topology: Annotated[Path, typer.Argument(metavar="TOPOLOGY.toml", help="What runs, and how.")],
    detach: Annotated[
        bool,
        typer.Option("--detach", "-d", help="Run in the background; return once it is up."),
    ] = False,
    new: Annotated[
        bool, typer.Option("--new", help="Start other runs, even if there are unfinished ones.")
    ] = False,
    trace: Annotated[
        bool, typer.Option("--trace", help="Measure where time goes; `wakeline trace` shows it.")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Run feeds, cells and the projector until their work is done; Ctrl-C stops them in order."""
    from runtime.home import Home
    from runtime.topology_file import load_topology

    loaded = load_topology(topology)
    place = Home.create(home)
    if detach:
        asked = {"--new": new, "--trace": trace}
        options = [option for option, wanted in asked.items() if wanted]
        _detached(place, topology, options, as_json=as_json)
        return
    from runtime.cli.actors_table import show_actors
    from runtime.cli.output import console, progress
    from runtime.running import run_topology

    _log_to(progress().print)
    outcome, actors = run_topology(place, loaded.traced() if trace else loaded, new=new)
    if as_json:
        print_json({"outcome": outcome, "actors": actors})
    else:
        show_actors(console(), actors)
        console().print(outcome)
    if outcome == "failed":
        raise typer.Exit(1)


def _detached(home: "Home", topology: Path, options: "Sequence[str]", *, as_json: bool) -> None:
    from runtime.cli.output import console
    from runtime.detaching import detached

    answer = detached(home, topology, options)
    if as_json:
        print_json({"pid": answer.pid, "host": answer.host, "log": str(home.up_log)})
    else:
        console().print(f"up: process {answer.pid}, host {answer.host}; it writes {home.up_log}")


def _log_to(write: "Callable[[str], None]") -> None:
    """What supervision says goes to standard error, a line each."""
    import logging

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            from rich.markup import escape

            colour = "dim" if record.levelno < logging.WARNING else "yellow"
            write(f"[{colour}]{escape(record.getMessage())}[/]")

    log = logging.getLogger("wakeline")
    log.setLevel(logging.INFO)
    log.addHandler(Lines())
