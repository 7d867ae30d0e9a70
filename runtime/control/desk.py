"""What a running system does about a wish. Every one but a question is recorded in the cells."""

import os
from collections.abc import Sequence
from typing import Final

from actors.risk.monitoring import COMMANDS
from runtime.backends import Backend
from runtime.control.messages import Answer, Ask
from runtime.operating import Operator
from runtime.programs.specs import Assignment, CellSpec, FirmSpec
from runtime.supervision.supervisor import Supervisor
from schemas.operator import DOWN, DRAIN, PAUSE, RESTART, RESUME

_TO_A_FIRM: Final = tuple(COMMANDS)
_TO_A_CELL: Final = (PAUSE, RESUME, DRAIN, *COMMANDS)


class Desk:
    """Stands between people and the supervisor.

    Args:
        host: the kind of host, for people.
    """

    def __init__(
        self,
        supervisor: Supervisor,
        assignments: Sequence[Assignment],
        backend: Backend,
        host: str,
    ) -> None:
        self._supervisor: Final = supervisor
        self._names: Final = [each.program.name for each in assignments]
        self._cells: Final = [
            each.program.name for each in assignments if isinstance(each.program, CellSpec)
        ]
        firms = [each.program for each in assignments if isinstance(each.program, FirmSpec)]
        self._hear: Final[dict[str, tuple[str, Sequence[str]]]] = {
            **{cell: (cell, _TO_A_CELL) for cell in self._cells},
            **{firm.name: (firm.run, _TO_A_FIRM) for firm in firms},
        }
        """By name, the ingress that hears a command, and which it may be."""
        self._operator: Final = Operator(backend)
        self._host: Final = host

    def fulfil(self, wish: Ask) -> Answer:
        """Do it, and say what came of it."""
        match wish.verb:
            case "status":
                actors = tuple(self._supervisor.statuses())
                return Answer(pid=os.getpid(), host=self._host, actors=actors)
            case "command":
                return self._commanded(wish)
            case "restart":
                return self._restarted(wish)
            case "down":
                told = self._recorded(wish, DOWN)
                self._supervisor.end("operator")
                return told

    def close(self) -> None:
        """Let go of the ingresses."""
        self._operator.close()

    def _commanded(self, wish: Ask) -> Answer:
        if wish.name not in self._hear:
            return Answer(error=f"cell {wish.name!r}: there is {', '.join(self._hear)}")
        ingress, commands = self._hear[wish.name]
        if wish.command not in commands:
            return Answer(error=f"command {wish.command!r}: there is {', '.join(commands)}")
        posted = self._operator.say(wish.operator, ingress, wish.command)
        return Answer(pid=os.getpid(), host=self._host, commands={wish.name: posted})

    def _restarted(self, wish: Ask) -> Answer:
        if wish.name not in self._names:
            return Answer(error=f"actor {wish.name!r}: there is {', '.join(self._names)}")
        told = self._recorded(wish, RESTART, actor=wish.name)
        self._supervisor.restart(wish.name)
        return told

    def _recorded(self, wish: Ask, command: str, **arguments: str) -> Answer:
        """Into every cell: it concerns them all, and each has a journal of its own."""
        commands = {
            cell: self._operator.say(wish.operator, cell, command, **arguments)
            for cell in self._cells
        }
        return Answer(pid=os.getpid(), host=self._host, commands=commands)
