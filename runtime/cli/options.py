"""Options that every command has."""

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from schemas.errors import UserError

DEFAULT_HOME: Final = Path(".wakeline")


def _chosen_home(context: typer.Context, given: Path) -> Path:
    """The command's own ``--home``, or the one given before the command (or its variable)."""
    source = context.get_parameter_source("home")
    outer = context.find_root().params.get("home")
    is_given = source is not None and source.name == "COMMANDLINE"
    return given if is_given or not isinstance(outer, Path) else outer


HomeOption = Annotated[
    Path,
    typer.Option(
        "--home",
        metavar="DIR",
        callback=_chosen_home,
        help="Directory that holds all state; WAKELINE_HOME names it, too.",
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print exactly one JSON object, for programs.")
]
JournalOption = Annotated[
    str | None,
    typer.Option(
        "--journal",
        metavar="sqlite|kafka|FILE",
        help="Where logs are kept; a FILE is TOML with a table [journal]. Files by default.",
    ),
]
RunArgument = Annotated[
    str | None,
    typer.Argument(metavar="[RUN]", help="The beginning of its id, or previous; else the latest."),
]
OnBadRows = Annotated[
    str,
    typer.Option(
        metavar="fail|keep-going",
        help="Whether rows that are no numbers or below zero end in exit code 2.",
    ),
]


def bad_rows_policy(given: str) -> Literal["fail", "keep-going"]:
    """What ``--on-bad-rows`` means.

    Raises:
        UserError: neither of the two.
    """
    match given:
        case "fail" | "keep-going":
            return given
        case _:
            raise UserError(f"--on-bad-rows {given!r}: there are fail and keep-going")
