"""Waiting for another thread or process, with an end."""

import time
from collections.abc import Callable

PATIENCE_S = 60.0


def wait_until(
    condition: Callable[[], bool],
    patience_s: float = PATIENCE_S,
    rest: Callable[[float], None] = time.sleep,
) -> None:
    """Return when the condition holds; fail the test when it never does.

    Args:
        rest: told for how many seconds to leave the machine to what is waited for: as long as
            looking took.
    """
    deadline = time.monotonic() + patience_s
    while True:
        began = time.monotonic()
        if condition():
            return
        ended = time.monotonic()
        assert ended < deadline, f"waited {patience_s} s in vain"
        rest(max(ended - began, 0.001))
