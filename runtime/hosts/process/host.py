"""Programs as processes: one that fails takes nothing with it, and one that hangs can be killed."""

import signal
import subprocess
import sys
import threading
from contextlib import suppress
from time import monotonic, sleep
from typing import Final

import msgspec

from runtime.hosts.process.messages import Begin, Stop, Told
from runtime.programs.specs import Assignment
from runtime.supervision.lifecycle import Seen
from runtime.supervision.worker import Report

_COMMAND: Final = (sys.executable, "-P", "-m", "runtime.hosts.process.program")
_DEATH_S: Final = 10.0
"""A process that SIGKILL has not ended by then waits in the kernel, for a disk perhaps."""


class ProcessWorker:
    """A process and what it told last. It implements ``Worker``."""

    def __init__(self, assignment: Assignment, interval_ms: int) -> None:
        self._process: Final = subprocess.Popen(
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # Ctrl-C in a terminal reaches a whole group; these end in their order.
            start_new_session=True,
        )
        self._told = Told()
        self._beat: float | None = None
        self._reader: Final = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        self._say(Begin(assignment=assignment, interval_ms=interval_ms))

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def report(self) -> Report:
        code = self._process.poll()
        if code is not None:
            self._reader.join()
        told = self._told
        error = told.error
        if code is not None and not error and not told.ended:
            error = f"its process ended with {_ending(code)}"
        return Report(
            seen=Seen(
                beat=self._beat,
                error=error,
                ended=code is not None and told.ended,
                gone=code is not None,
            ),
            status=told.status,
            place=f"process {self._process.pid}",
        )

    def stop(self, reason: str) -> None:
        self._say(Stop(reason=reason))

    def kill(self) -> bool:
        """SIGKILL, also for one that is stopped; its locks go with it, and only then."""
        self._process.kill()
        try:
            self._process.wait(_DEATH_S)
        except subprocess.TimeoutExpired:
            return False
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):  # What was not read any more is closed with it.
                pipe.close()
        return True

    def _say(self, message: Begin | Stop) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError, ValueError):  # It has ended; its report says so.
            self._process.stdin.write(f"{msgspec.json.encode(message).decode()}\n")
            self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = msgspec.json.decode(line, type=Told)
            self._told, self._beat = told, monotonic()


class ProcessHost:
    """It implements ``Host``."""

    def __init__(self, interval_ms: int) -> None:
        self._interval_ms: Final = interval_ms
        self._workers: list[ProcessWorker] = []

    def launch(self, assignment: Assignment) -> ProcessWorker:
        worker = ProcessWorker(assignment, self._interval_ms)
        self._workers.append(worker)
        return worker

    def wait(self, seconds: float) -> None:
        sleep(seconds)

    def close(self) -> None:
        for worker in self._workers:
            worker.kill()


def _ending(code: int) -> str:
    if code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"
