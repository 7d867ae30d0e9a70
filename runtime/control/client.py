"""Asking the system that runs in a home."""

import socket
import time
from typing import Final

import msgspec

from runtime.control.messages import Answer, Ask
from runtime.home import Home, HomeError
from schemas.errors import UserError

_PATIENCE_S: Final = 30.0
_END_S: Final = 200.0
_decode: Final = msgspec.json.Decoder(Answer).decode


class NotUp(UserError):
    """Nothing runs in this home."""


class Refused(UserError):
    """The running system could not do what it was asked for."""


def ask(home: Home, wish: Ask) -> Answer:
    """What the running system answers.

    Raises:
        NotUp: there is none.
        Refused: it could not do it; the message says why.
    """
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_PATIENCE_S)
            connection.connect(str(home.control_socket))
            connection.sendall(msgspec.json.encode(wish) + b"\n")
            with connection.makefile("rb") as lines:
                line = lines.readline()
    except (FileNotFoundError, ConnectionRefusedError):
        line = b""
    if not line:
        raise NotUp(f"home {home.path}: nothing is up; `wakeline up TOPOLOGY` starts a system")
    answer = _decode(line)
    if answer.error:
        raise Refused(answer.error)
    return answer


def await_end(home: Home) -> None:
    """Return once nothing runs in a home any more.

    Raises:
        HomeError: it still does after a minute or two.
    """
    deadline = time.monotonic() + _END_S
    while True:
        try:
            with home.held("down"):
                return
        except HomeError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
