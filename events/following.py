"""Following a log: what is there now, then what becomes durable, without asking too often."""

from collections.abc import Callable, Iterator
from time import sleep
from typing import Final

_PAUSE_MIN_S: Final = 0.001
_PAUSE_MAX_S: Final = 0.02


def follow[R](unread: Callable[[], Iterator[R]], over: Callable[[], bool]) -> Iterator[R]:
    """Yield from ``unread()`` again and again until ``over()``, and then what was left.

    ``unread`` gives what is durable and was not given yet. The pause after finding nothing doubles
    from 1 ms to 20 ms.
    """
    pause = _PAUSE_MIN_S
    while True:
        # Asked before reading: what was durable when the end came is still read.
        last_round = over()
        found = False
        for record in unread():
            found = True
            yield record
        if last_round:
            return
        if found:
            pause = _PAUSE_MIN_S
        else:
            sleep(pause)
            pause = min(2 * pause, _PAUSE_MAX_S)
