"""Answers wishes on a local socket that only this user can open."""

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

import msgspec

from runtime.control.messages import Answer, Ask

_GLANCE_S: Final = 0.05
_PATIENCE_S: Final = 10.0
LINE_MAX: Final = 1 << 20

type Fulfil = Callable[[Ask], Answer]

_decode: Final = msgspec.json.Decoder(Ask).decode


class ControlServer:
    """Listens until it is closed; one wish a connection, one after the other.

    What lies at the path was left by somebody who is dead: who serves a home holds its lock.
    """

    def __init__(self, path: Path, fulfil: Fulfil) -> None:
        self._path: Final = path
        self._fulfil: Final = fulfil
        path.unlink(missing_ok=True)
        self._listener: Final = socket.socket(socket.AF_UNIX)
        os.fchmod(self._listener.fileno(), 0o600)
        self._listener.bind(str(path))
        path.chmod(0o600)
        self._listener.listen()
        self._listener.settimeout(_GLANCE_S)
        self._closing: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer nobody any more."""
        self._closing.set()
        self._thread.join()
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(_PATIENCE_S)
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        try:
            with connection.makefile("rb") as lines:
                line = lines.readline(LINE_MAX)
            if line:
                connection.sendall(msgspec.json.encode(self._answered(line)) + b"\n")
        except OSError:
            pass  # The other side went: there is nobody left to tell.

    def _answered(self, line: bytes) -> Answer:
        try:
            return self._fulfil(_decode(line))
        except Exception as error:  # noqa: BLE001 - a wish never ends what it is about
            return Answer(error=f"{type(error).__name__}: {error}")
