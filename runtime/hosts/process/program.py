"""The process of one program.

    python -m runtime.hosts.process.program

Its standard input says what it is to do, its standard output how it is. When the input ends, the
supervisor is gone, and the program ends in order; so it does on SIGTERM.
"""

import contextlib
import logging
import os
import signal
import sys
import threading
from time import monotonic
from typing import Final

import msgspec

from runtime.collecting import rare_collections
from runtime.hosts.process.messages import Begin, Stop, Told
from runtime.programs.incarnation import Incarnation

TRACEBACK: Final = "WAKELINE_TRACEBACK"


class _Wish:
    """Why the program is to end; threads and signals set it, the loop reads it."""

    def __init__(self) -> None:
        self._said: Final = threading.Event()
        self.reason = ""

    def say(self, reason: str) -> None:
        self.reason = self.reason or reason
        self._said.set()

    def wait(self, seconds: float) -> bool:
        return self._said.wait(seconds)


def main() -> None:
    """Lead one life, and leave."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the supervisor's to handle.
    if os.environ.get(TRACEBACK):
        logging.basicConfig(level=logging.DEBUG)
    wish = _Wish()
    signal.signal(signal.SIGTERM, lambda *_: wish.say("terminated"))
    line = sys.stdin.readline()
    if not line:
        return
    begin = msgspec.json.decode(line, type=Begin)
    threading.Thread(target=_listen, args=(wish,), daemon=True).start()
    life = Incarnation(begin.assignment, begin.interval_ms / 1000)
    with rare_collections():
        _lead(life, wish, begin.interval_ms / 1000)
    _say(Told(status=life.status, ended=life.seen.ended, error=life.seen.error))
    # ClickHouse's threads may outlive their last connection; everything is on disk by now.
    os._exit(bool(life.seen.error))


def _lead(life: Incarnation, wish: _Wish, interval_s: float) -> None:
    told_at = -interval_s
    rest, pause_s = life.rest, 0.0
    while not life.over:
        if wish.wait(pause_s):
            life.stop(wish.reason)
            return
        pause_s = rest.after(worked=life.advance())
        if monotonic() - told_at >= interval_s and not life.over:
            _say(Told(status=life.status))
            told_at = monotonic()


def _listen(wish: _Wish) -> None:
    for line in sys.stdin:
        wish.say(msgspec.json.decode(line, type=Stop).reason)
    wish.say("abandoned")


def _say(told: Told) -> None:
    with contextlib.suppress(BrokenPipeError):  # Who is not there any more hears nothing.
        sys.stdout.write(f"{msgspec.json.encode(told).decode()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
