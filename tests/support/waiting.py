"""Waiting for another thread or process, with an end."""

import time
from collections.abc import Callable

PATIENCE_S = 30.0


def wait_until(condition: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Return when the condition holds; fail the test when it never does."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {patience_s} s in vain"
        time.sleep(0.001)
