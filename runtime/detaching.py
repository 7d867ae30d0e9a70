"""A system in the background: a process of its own that outlives the terminal."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from runtime.control.client import NotUp, ask
from runtime.control.messages import Answer, Ask
from runtime.home import Home
from schemas.errors import UserError

_PATIENCE_S: Final = 60.0
_PAUSE_S: Final = 0.05
_MAIN: Final = "from runtime.cli.main import main; main()"


class DidNotComeUp(UserError):
    """The system ended, or did not answer, before it was up."""


def detached(home: Home, topology: Path, options: Sequence[str]) -> Answer:
    """Start ``wakeline up`` in the background, and wait until it answers.

    Args:
        options: as on the command line, such as ``--new``.

    Raises:
        DidNotComeUp: it does not; its last words are in the message.
    """
    command = (sys.executable, "-P", "-c", _MAIN, "--home", str(home.path), "up", str(topology))
    with home.up_log.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            (*command, *options),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + _PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            answer = ask(home, Ask(verb="status"))
        except NotUp:
            time.sleep(_PAUSE_S)
            continue
        if answer.pid == process.pid:
            return answer
        break
    said = home.up_log.read_text(encoding="utf-8").strip().splitlines()
    raise DidNotComeUp(said[-1].removeprefix("error: ") if said else f"see {home.up_log}")
