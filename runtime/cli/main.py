"""The program ``wakeline``: finds the command and hands it the arguments.

Exit codes: 0 done; 1 the answer is no (a replay that differs), or the program has a bug; 2
something outside the program must change (an option, a path, a row); 130 interrupted. With
``--json`` an error is told on standard output, too, as the one object ``{"error": "..."}``.

Command modules import nothing heavy at their top, so that ``--help`` answers at once.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from runtime.cli import (
    actors,
    ask,
    backtest,
    candidates,
    compare,
    demo,
    doctor,
    down,
    drain,
    ingest,
    kafka,
    models,
    patterns,
    pause,
    replay,
    report,
    resume,
    risk,
    runs,
    schema,
    sql,
    status,
    streams,
    tail,
    trace,
    train,
    up,
    why,
)
from runtime.cli.errors import USER_MUST_ACT, errors_told, tell_error
from runtime.cli.options import DEFAULT_HOME
from runtime.cli.plain import PlainCommand, PlainGroup

COMMANDS: Final[tuple[tuple[Callable[..., None], str], ...]] = (
    (demo.demo, demo.EXAMPLE),
    (ingest.ingest, ingest.EXAMPLE),
    (backtest.backtest, backtest.EXAMPLE),
    (replay.replay, replay.EXAMPLE),
    (runs.runs, runs.EXAMPLE),
    (compare.compare, compare.EXAMPLE),
    (report.report, report.EXAMPLE),
    (why.why, why.EXAMPLE),
    (trace.trace, trace.EXAMPLE),
    (patterns.patterns, patterns.EXAMPLE),
    (candidates.candidates, candidates.EXAMPLE),
    (tail.tail, tail.EXAMPLE),
    (streams.streams, streams.EXAMPLE),
    (ask.ask, ask.EXAMPLE),
    (train.train, train.EXAMPLE),
    (models.models, models.EXAMPLE),
    (sql.sql, sql.EXAMPLE),
    (schema.schema, schema.EXAMPLE),
    (up.up, up.EXAMPLE),
    (status.status, status.EXAMPLE),
    (pause.pause, pause.EXAMPLE),
    (resume.resume, resume.EXAMPLE),
    (risk.risk, risk.EXAMPLE),
    (drain.drain, drain.EXAMPLE),
    (actors.actors, actors.EXAMPLE),
    (down.down, down.EXAMPLE),
    (doctor.doctor, doctor.EXAMPLE),
)
"""Every command with the example that ends its help, in the order of the list of commands."""

app = typer.Typer(
    name="wakeline",
    cls=PlainGroup,
    epilog="Example: wakeline demo",
    add_completion=False,
    # Rich's help costs two tenths of a second at every start; its tables come from the commands.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for _command, _example in COMMANDS:
    app.command(cls=PlainCommand, epilog=f"Example: {_example}")(_command)
app.add_typer(kafka.kafka)


@app.callback()
def program(
    home: Annotated[
        Path,
        typer.Option(metavar="DIR", envvar="WAKELINE_HOME", help="Directory that holds all state."),
    ] = DEFAULT_HOME,
) -> None:
    """Record what a trading business sees and decides; replay it, ask why, and query it in SQL."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code; ``arguments`` default to the process's own."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    as_json = "--json" in given
    with errors_told(as_json=as_json):
        try:
            code = typer.main.get_command(app).main(
                given or ["--help"], "wakeline", standalone_mode=False
            )
        except typer.TyperException as error:
            tell_error(f"{error.format_message()} (see --help)", as_json=as_json)
            code = USER_MUST_ACT
    sys.exit(code)
