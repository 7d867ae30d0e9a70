"""Ctrl-C while the engine runs: kept until the next window, and raised there.

Nautilus logs whatever is raised inside its callbacks and goes on, an interrupt too. One that hit
there would be lost, together with the callback that it broke off, and the run would end with other
decisions.
"""

import signal
import threading
from collections.abc import Iterable, Iterator
from types import FrameType


def interruptible[W](windows: Iterable[W]) -> Iterator[W]:
    """The same windows; an interrupt ends them before the next one.

    Raises:
        KeyboardInterrupt: one came since the window before.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield from windows  # Signals reach the main thread only, and some want none.
        return
    interrupted = threading.Event()

    def keep(_number: int, _frame: FrameType | None) -> None:
        interrupted.set()

    before = signal.signal(signal.SIGINT, keep)
    try:
        for window in windows:
            yield window
            if interrupted.is_set():
                raise KeyboardInterrupt
    finally:
        signal.signal(signal.SIGINT, before)
