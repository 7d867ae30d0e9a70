"""What one cell says, as something that happened to another: out of a journal, into an ingress."""

from collections.abc import Callable, Iterable
from typing import Final

from msgspec.structs import replace

from events.codecs.json import decode_step
from events.ingress import Ingress
from events.journal import Journal
from schemas.envelope import AnyEvent, Step

type Choice = Callable[[Step], Iterable[AnyEvent]]
"""What of a step is to be carried."""


class Carrier:
    """Posts each chosen event once, whoever dies: its number is its place among those chosen.

    Two carriers of one writer may live at once; of a number the ingress takes the first.

    Args:
        writer: names the way from this journal into this ingress, and nothing else.

    Attributes:
        position: number of the next step to be read.
        carried: events posted, those of earlier carriers among them.
    """

    def __init__(self, journal: Journal, ingress: Ingress, writer: str, choice: Choice) -> None:
        self._tail: Final = journal.tail()
        self._ingress: Final = ingress
        self._writer: Final = writer
        self._choice: Final = choice
        self._posted: Final = ingress.next_number(writer)
        self.position = 0
        self.carried = 0

    def turn(self) -> bool:
        """Read on, and post what is new; whether there was something to read.

        Raises:
            LogError: a log cannot be read or written.
        """
        before = self.position
        for record in self._tail.unread(asking=False):
            for event in self._choice(decode_step(record.body)):
                if self.carried >= self._posted:
                    self._ingress.post(self._writer, self.carried, event)
                self.carried += 1
            self.position = record.seq + 1
        return self.position > before

    def close(self) -> None:
        """Let go of the journal and the ingress."""
        self._tail.close()
        self._ingress.close()


def as_first_cause(event: AnyEvent, name: str, author: str) -> AnyEvent:
    """An event under another name, as the beginning of what follows from it elsewhere."""
    return replace(event, id=name, author=author, cause=name, correlation=name)
