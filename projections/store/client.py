"""Asks the owner of a directory over its local socket."""

import socket
from pathlib import Path
from typing import Final

import msgspec

from projections.store.asked import Asked
from projections.store.errors import QueryFailed, QueryRefused
from projections.store.port import Form, Parameters
from projections.store.wire import Request, Verdict, receive, send

_encode_request: Final = msgspec.json.Encoder().encode
_decode_verdict: Final = msgspec.json.Decoder(Verdict).decode


class SocketQueries(Asked):
    """The same answers as in the owner's process.

    Raises:
        OSError: nobody listens there.
    """

    def __init__(self, path: Path) -> None:
        self._connection: Final = socket.socket(socket.AF_UNIX)
        try:
            self._connection.connect(str(path))
        except OSError:
            self._connection.close()
            raise

    def fetch(self, sql: str, parameters: Parameters | None, form: Form) -> bytes:
        """The body of an answer, in the form asked for."""
        try:
            request = Request(sql=sql, parameters=dict(parameters or {}), form=form)
            send(self._connection, _encode_request(request))
            verdict = _decode_verdict(self._received())
            match verdict.error:
                case "":
                    return self._received()
                case QueryRefused.__name__:
                    raise QueryRefused(verdict.message)
                case _:
                    raise QueryFailed(verdict.message)
        except OSError as error:
            raise QueryFailed(f"the owner of the store went away: {error}") from error

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _received(self) -> bytes:
        body = receive(self._connection)
        if body is None:
            raise QueryFailed("the owner of the store went away; ask again")
        return body
