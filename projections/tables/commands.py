"""What operators told the system to do."""

from typing import Final

from projections.tables.column import term, texts
from projections.tables.event_table import Values, event_table
from schemas.operator import OperatorCommanded


def _values(command: OperatorCommanded) -> Values:
    return command.command, command.operator, command.arguments


COMMANDS: Final = event_table(
    "commands",
    (OperatorCommanded,),
    (term("command"), term("operator"), texts("arguments")),
    _values,
)
"""A row a command, with its arguments by name."""
