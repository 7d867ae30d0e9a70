"""Killing processes, and finding those that stayed."""

import os
import signal
import subprocess
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from time import monotonic, sleep

import psutil


class Victim(StrEnum):
    """Who is killed."""

    GROUP = "the whole group"
    PARENT = "the parent alone"
    PROJECTOR = "the projector alone"


def processes_about(home: Path) -> list[int]:
    """Ids of processes that were told about a home."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "status"])
        if str(home) in (process.info["cmdline"] or ())
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def is_there(process: subprocess.Popen[str], victim: Victim) -> bool:
    """Whether a process has started whom is to be killed."""
    try:
        return victim is not Victim.PROJECTOR or bool(psutil.Process(process.pid).children())
    except psutil.NoSuchProcess:
        return False


def kill(process: subprocess.Popen[str], victim: Victim) -> bool:
    """SIGKILL, without warning; whether there was anybody left to kill."""
    try:
        match victim:
            case Victim.GROUP:
                os.killpg(process.pid, signal.SIGKILL)
            case Victim.PARENT:
                process.kill()
            case Victim.PROJECTOR:
                (projector,) = psutil.Process(process.pid).children()
                projector.kill()
    except (ProcessLookupError, ValueError, psutil.NoSuchProcess):
        return False
    return True


def wait_for(process: subprocess.Popen[str], moment: Callable[[], bool]) -> bool:
    """Wait until a moment in a process's life; false when it ended before."""
    while process.poll() is None:
        if moment():
            return True
        sleep(0.001)
    return False


def after(seconds: float) -> Callable[[], bool]:
    """The moment that is so many seconds from now."""
    deadline = monotonic() + seconds
    return lambda: monotonic() >= deadline
