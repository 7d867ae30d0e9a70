"""Ends a process for certain: it may be stopped, and then it does nothing that it is asked to."""

from typing import Final

import psutil

from runtime.hosts.ray.messages import ProcessName

DEATH_S: Final = 5.0
"""A process that SIGKILL has not ended by then waits in the kernel, for a disk perhaps."""
_SAME_S: Final = 1.0
"""A machine's clock may be set, and moves the beginning of a process a little."""


def this_process(node: str) -> ProcessName:
    """The calling process."""
    process = psutil.Process()
    return ProcessName(node=node, pid=process.pid, born=process.create_time())


def end(name: ProcessName) -> bool:
    """SIGKILL a process of this machine, and wait; whether it is gone."""
    try:
        process = psutil.Process(name.pid)
        if abs(process.create_time() - name.born) > _SAME_S:
            return True  # Another one has its number by now.
        process.kill()
        process.wait(DEATH_S)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return _is_reaped_later(name.pid)
    return True


def _is_reaped_later(pid: int) -> bool:
    """Whether it is over and only its parent has not asked how it ended: it holds nothing."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
