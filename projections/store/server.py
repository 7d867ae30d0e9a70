"""The directory's owner answers the questions of other processes of the same user."""

import os
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import msgspec

from projections.store.errors import QueryFailed, QueryRefused
from projections.store.port import Limits, Store
from projections.store.wire import Request, Verdict, receive, send

_decode_request: Final = msgspec.json.Decoder(Request).decode
_encode_verdict: Final = msgspec.json.Encoder().encode

_GLANCE_S: Final = 0.05
"""How often the listener looks up to see whether it should close."""


class QueryServer:
    """Serves read-only queries on a local socket that only this user can open, in threads.

    A question that cannot be answered is answered by saying so; it never disturbs the owner.
    """

    def __init__(self, store: Store, path: Path, limits: Limits | None = None) -> None:
        self._store: Final = store
        self._path: Final = path
        self._limits: Final = limits
        self._open: Final[set[socket.socket]] = set()
        # Whoever owns the directory owns this name: what lies there was left by a killed owner.
        path.unlink(missing_ok=True)
        self._listener: Final = socket.socket(socket.AF_UNIX)
        os.fchmod(self._listener.fileno(), 0o600)
        self._listener.bind(str(path))
        path.chmod(0o600)
        self._listener.listen()
        self._listener.settimeout(_GLANCE_S)
        self._closing: Final = threading.Event()
        self._acceptor: Final = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def close(self) -> None:
        """Stop answering; before the store is closed."""
        self._closing.set()
        self._acceptor.join()
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        talks: list[threading.Thread] = []
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            self._open.add(connection)
            talk = threading.Thread(target=self._talk, args=(connection,), daemon=True)
            talk.start()
            talks = [each for each in talks if each.is_alive()] + [talk]
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for talk in talks:
            talk.join()

    def _talk(self, connection: socket.socket) -> None:
        try:
            with connection, self._store.reader(self._limits) as reader:
                while (asked := receive(connection)) is not None:
                    try:
                        request = _decode_request(asked)
                        body = reader.fetch(request.sql, request.parameters, request.form)
                    except (QueryFailed, QueryRefused, msgspec.MsgspecError) as error:
                        send(connection, _encode_verdict(_told(error)))
                    else:
                        send(connection, _encode_verdict(Verdict()))
                        send(connection, body)
        except (OSError, QueryFailed):
            pass  # The other side went, or the store is closing: there is nobody left to tell.
        finally:
            self._open.discard(connection)


def _told(error: Exception) -> Verdict:
    kind = QueryRefused if isinstance(error, QueryRefused) else QueryFailed
    return Verdict(error=kind.__name__, message=str(error))
