"""Killing a writing process with SIGKILL, and what was acknowledged by then."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import IO

ROOT = Path(__file__).parents[2]


@contextmanager
def writing(port: str, place: str, folder: Path, seed: int) -> Iterator[IO[str]]:
    """A process that writes for ever (``tests.contracts.victim``) and is killed when this ends.

    Yields:
        What it acknowledges, a number a line.
    """
    program = [sys.executable, "-m", "tests.contracts.victim", port, place, str(folder), str(seed)]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as victim:
        assert victim.stdout is not None
        try:
            yield victim.stdout
            assert victim.poll() is None, "it was to be killed, and ended by itself"
        finally:
            victim.kill()


def kill_while_writing(port: str, place: str, folder: Path, seed: int) -> int:
    """Let a process write, and kill it at a moment that the seed chooses.

    Returns:
        How many rows or steps it had acknowledged, at the least.
    """
    chance = Random(seed)
    with writing(port, place, folder, seed) as acknowledged:
        said = [acknowledged.readline() for _ in range(chance.randint(1, 30))]
        time.sleep(chance.uniform(0, 0.01))
    return int(said[-1])
