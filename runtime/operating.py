"""What a person tells the cells: commands, posted into their ingress and thereby recorded."""

from threading import Lock
from time import time_ns
from typing import Final
from uuid import uuid4

from events.ingress import Ingress
from runtime.backends import Backend
from schemas.envelope import Event
from schemas.operator import OperatorCommanded

WRITER: Final = "operator"
"""One writer for all that people say, because a writer numbers what it posts."""


class Operator:
    """Posts commands. There is one for a home: whoever serves people there keeps it."""

    def __init__(self, backend: Backend) -> None:
        self._backend: Final = backend
        self._ingresses: Final[dict[str, Ingress]] = {}
        self._lock: Final = Lock()

    def say(self, person: str, cell: str, command: str, **arguments: str) -> str:
        """Post a command into a cell's ingress; durable when the call returns. Its id comes back.

        The cell stamps it with the market time at which it takes it.
        """
        now, name = time_ns(), f"command/{uuid4().hex}"
        told = OperatorCommanded(command=command, arguments=arguments, operator=person)
        event = Event(
            id=name,
            author=WRITER,
            cause=name,
            correlation=name,
            ts=now,
            ts_recorded=now,
            payload=told,
        )
        with self._lock:
            ingress = self._ingresses.get(cell)
            if ingress is None:
                ingress = self._ingresses[cell] = self._backend.ingress(cell)
            ingress.post(WRITER, ingress.next_number(WRITER), event)
        return name

    def close(self) -> None:
        """Let go of the ingresses."""
        for ingress in self._ingresses.values():
            ingress.close()
