"""An actor's mailbox with a bound: whoever sends too much waits, and is told in the end."""

import threading
from collections import deque
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pykka._envelope import Envelope  # Pykka gives its type no public name.


class MailboxFull(RuntimeError):
    """An actor has too many messages before it to take another one; it was not sent."""


class Mailbox:
    """First in, first out. It is what Pykka calls an inbox.

    The owner's messages to itself are always taken: it is the one who makes room.

    Attributes:
        bound: messages of others that may wait.
        patience_s: how long a sender waits for room.
        owner: the thread that empties it.
    """

    def __init__(self) -> None:
        self.bound = 64
        self.patience_s = 5.0
        self.owner = 0
        self._waiting: Final[deque[Envelope[Any]]] = deque()
        self._changed: Final = threading.Condition()

    def put(self, envelope: "Envelope[Any]") -> None:
        """Add a message.

        Raises:
            MailboxFull: there was no room within the sender's patience.
        """
        with self._changed:
            is_own = threading.get_ident() == self.owner
            if not is_own and not self._changed.wait_for(self._has_room, self.patience_s):
                raise MailboxFull(f"{len(self._waiting)} messages wait already")
            self._waiting.append(envelope)
            self._changed.notify_all()

    def get(self) -> "Envelope[Any]":
        """The next message, as soon as there is one."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting))
            envelope = self._waiting.popleft()
            self._changed.notify_all()
            return envelope

    def wait(self, seconds: float) -> None:
        """Pause, but no longer than until there is a message."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._waiting), seconds)

    def empty(self) -> bool:
        """Whether no message waits."""
        return not self._waiting

    def __len__(self) -> int:
        return len(self._waiting)

    def _has_room(self) -> bool:
        return len(self._waiting) < self.bound
