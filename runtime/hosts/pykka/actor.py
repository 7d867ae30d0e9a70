"""A program as a Pykka actor: it tells itself to take the next turn."""

import threading
from dataclasses import dataclass
from typing import Final

import pykka

from runtime.hosts.pykka.mailbox import Mailbox
from runtime.programs.incarnation import Incarnation


@dataclass(frozen=True, slots=True)
class Turn:
    """To itself: go on."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End in order."""

    reason: str


@dataclass(frozen=True, slots=True)
class Die:
    """Let go of everything, as a crash would."""


class ProgramActor(pykka.ThreadingActor):
    """Leads one life in a thread of its own; messages come between two turns.

    Args:
        life: read by others through what it publishes.
        bound: messages that may wait for the actor.
        gone: set when the thread touches nothing any more.
    """

    # Daemons do not keep the program from ending: a thread that hangs cannot be ended otherwise.
    use_daemon_thread = True

    def __init__(self, life: Incarnation, bound: int, gone: threading.Event) -> None:
        super().__init__()
        self._life: Final = life
        self._gone: Final = gone
        self._rest: Final = life.rest
        self._mailbox.bound = bound

    @staticmethod
    def _create_actor_inbox() -> Mailbox:
        return Mailbox()

    @property
    def _mailbox(self) -> Mailbox:
        assert isinstance(self.actor_inbox, Mailbox)
        return self.actor_inbox

    def on_start(self) -> None:
        """Begin to take turns."""
        self._mailbox.owner = threading.get_ident()
        self.actor_ref.tell(Turn())

    def on_receive(self, message: object) -> None:
        """Take a turn, or end."""
        match message:
            case Turn():
                self._turn()
            case Stop(reason=reason):
                self._life.stop(reason)
            case Die():
                self._life.close()
            case other:
                raise TypeError(f"no message for a program: {other!r}")
        if self._life.over:
            self.stop()

    def on_stop(self) -> None:
        """The last thing that its thread does."""
        self._gone.set()

    def _turn(self) -> None:
        worked = self._life.advance()
        if not self._life.over:
            self._mailbox.wait(self._rest.after(worked=worked))
            self.actor_ref.tell(Turn())
