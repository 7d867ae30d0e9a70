"""An interrupt waits for the next window, and nothing inside the engine hears of it."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from actors.execution.venue import Window
from runtime.interrupting import interruptible

WINDOWS = [Window(records=(), ts_end=end) for end in range(1, 4)]


@pytest.fixture(autouse=True)
def interrupts() -> Iterator[None]:
    """Python's own handling, which a program in the background does not inherit."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def consume(consumed: list[int], *, interrupted_at: int) -> None:
    for window in interruptible(WINDOWS):
        consumed.append(window.ts_end)
        if window.ts_end == interrupted_at:
            interrupt()


@pytest.mark.parametrize("moment", [1, 3])
def test_an_interrupt_inside_a_window_is_raised_behind_it(moment: int) -> None:
    consumed: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        consume(consumed, interrupted_at=moment)
    assert consumed == list(range(1, moment + 1))


def test_afterwards_an_interrupt_is_raised_at_once_again() -> None:
    before = signal.getsignal(signal.SIGINT)
    assert list(interruptible(WINDOWS)) == WINDOWS
    assert signal.getsignal(signal.SIGINT) is before
    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_in_another_thread_windows_pass_as_they_are() -> None:
    seen: list[Window] = []
    thread = threading.Thread(target=lambda: seen.extend(interruptible(WINDOWS)))
    thread.start()
    thread.join()
    assert seen == WINDOWS


def test_where_interrupts_are_ignored_they_stay_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    consumed: list[int] = []
    consume(consumed, interrupted_at=1)
    assert consumed == [1, 2, 3]
