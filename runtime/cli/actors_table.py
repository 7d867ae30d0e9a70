"""How everybody is, as a table."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from runtime.cli.rows import show_rows

if TYPE_CHECKING:
    from rich.console import Console

    from runtime.supervision.supervisor import ActorStatus

_COLUMNS = ("actor", "kind", "state", "where", "run", "epoch", "position", "lag", "mailbox")
_MORE = ("restarts", "beat", "last decision", "trouble")


def show_actors(console: "Console", actors: "Iterable[ActorStatus]") -> None:
    """A row an actor."""
    show_rows(console, (*_COLUMNS, *_MORE), [_row(actor) for actor in actors])


def _row(actor: "ActorStatus") -> tuple[str, ...]:
    program = actor.program
    running = program is not None and actor.phase == "running"
    return (
        actor.name,
        actor.kind,
        program.stage if running and program else actor.phase,
        actor.place,
        program.run if program else "",
        str(program.epoch) if program and program.epoch else "",
        f"{sum(program.position.values()):,}" if program else "",
        f"{sum(program.lag.values()):,}" if program and program.lag else "",
        str(actor.mailbox),
        str(actor.restarts),
        "" if actor.beat_age_s is None else f"{actor.beat_age_s:.1f} s ago",
        program.last_decision if program else "",
        actor.error or (program.waits_for if program else ""),
    )
