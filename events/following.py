"""Following a log: what is there now, then what becomes durable, without asking too often."""

from collections.abc import Callable, Iterator
from contextlib import closing
from time import sleep
from typing import Final, Protocol

from events.journal import Journal, JournalRecord

_PAUSE_MIN_S: Final = 0.001
_PAUSE_MAX_S: Final = 0.02


class Unread[R](Protocol):
    """Gives what is durable and was not given yet, as ``events.journal.JournalTail.unread``."""

    def __call__(self, *, asking: bool) -> Iterator[R]: ...


def follow[R](unread: Unread[R], over: Callable[[], bool]) -> Iterator[R]:
    """Yield from ``unread`` again and again until ``over()``, and then what was left.

    The pause after finding nothing doubles from 1 ms to 20 ms.
    """
    pause = _PAUSE_MIN_S
    while True:
        # Asked before reading: what was durable when the end came is still read.
        last_round = over()
        found = False
        for record in unread(asking=last_round):
            found = True
            yield record
        if last_round:
            return
        if found:
            pause = _PAUSE_MIN_S
        else:
            sleep(pause)
            pause = min(2 * pause, _PAUSE_MAX_S)


def follow_journal(
    journal: Journal, from_seq: int = 0, *, until: Callable[[], bool]
) -> Iterator[JournalRecord]:
    """Durable steps, then steps as they become durable, until ``until()`` and nothing is left."""
    with closing(journal.tail(from_seq)) as tail:
        yield from follow(tail.unread, until)
