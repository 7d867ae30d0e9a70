"""The projector as a process of its own: it owns the ClickHouse directory while a run is going on.

The parent starts it early, because the engine takes a second to start, and tells it on its standard
input which run to project and when the journal is complete. It answers with one JSON object a line.
When the parent dies its standard input ends: it projects what is durable and leaves.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, Self

import msgspec

from projections.store.client import SocketQueries
from runtime.home import Home
from runtime.outcome import Outcome
from schemas.errors import UserError


class Begin(msgspec.Struct, frozen=True, kw_only=True):
    """Which run to project; ``sources`` are consumed wholly, so nobody waits for steps."""

    run: str
    sources: tuple[str, ...] = ()


class Projected(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What a projector has done, and what the run came to whose steps it read."""

    steps: int
    rows: int
    outcome: Outcome


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Why a projector could not do it."""

    error: str


class ProjectionFailed(UserError):
    """The projector ended without having written everything; the same command goes on from
    there.
    """


class ProjectorProcess:
    """The parent's handle."""

    def __init__(self, home: Home) -> None:
        self._socket: Final = home.clickhouse_socket
        # Safe path: a folder `events` where the user works must not stand in for ours.
        command = [sys.executable, "-P", "-m", "runtime.projecting", str(home.path)]
        with _interrupts_held():
            self._process: Final = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
        self._begun = False

    def begin(self, run: str, sources: tuple[str, ...] = ()) -> None:
        """Let it follow the run's journal, what that refers to, and whole sources."""
        self._begun = True
        self._tell(msgspec.json.encode(Begin(run=run, sources=sources)).decode())

    def finish(self) -> Projected:
        """Say that the journal is complete, and wait until everything is in ClickHouse.

        Raises:
            ProjectionFailed: it is not.
        """
        self._tell("end")
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            raise ProjectionFailed(f"clickhouse: the projector ended with exit code {code}")
        answer = msgspec.json.decode(line, type=Projected | Failed)
        if isinstance(answer, Failed):
            raise ProjectionFailed(f"clickhouse: {answer.error}")
        return answer

    def queries(self) -> SocketQueries:
        """Questions to its ClickHouse, as soon as it answers.

        Raises:
            ProjectionFailed: it ended before.
        """
        while self._process.poll() is None:
            try:
                return SocketQueries(self._socket)
            except OSError:
                time.sleep(0.02)
        self.finish()
        raise ProjectionFailed("clickhouse: the projector ended before it answered")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._begun:
            # It has nothing to write, and nobody should wait for its engine to start.
            self._process.kill()
        assert self._process.stdin is not None
        with self._process, suppress(BrokenPipeError):  # Waits for it, dead or alive.
            self._process.stdin.close()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # It ended early; finish() says why.


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """A process that starts meanwhile never sees Ctrl-C, which goes to all of a terminal's.

    Its own code could ignore it only once its imports are done. Here it is told right afterwards.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
