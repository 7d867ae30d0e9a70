"""What travels over the local socket: frames of a length (4 bytes, big-endian) and that many bytes.

A request is one frame. An answer is a verdict's frame, and after a good one the body's: the bytes
that ClickHouse gave, in the form that was asked for.
"""

import socket
import struct
from typing import Final

import msgspec

from projections.store.port import Form

_LENGTH: Final = struct.Struct(">I")


class Request(msgspec.Struct, frozen=True):
    """A question."""

    sql: str
    parameters: dict[str, str | int | float]
    form: Form


class Verdict(msgspec.Struct, frozen=True):
    """Whether there is an answer: the class and message of an error, or two empty strings."""

    error: str = ""
    message: str = ""


def send(connection: socket.socket, body: bytes) -> None:
    """Send one frame."""
    connection.sendall(_LENGTH.pack(len(body)))
    connection.sendall(body)


def receive(connection: socket.socket) -> bytes | None:
    """The next frame; ``None`` when the other side has gone."""
    head = _exactly(connection, _LENGTH.size)
    return None if head is None else _exactly(connection, _LENGTH.unpack(head)[0])


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    received = bytearray()
    while len(received) < size:
        part = connection.recv(min(size - len(received), 1 << 20))
        if not part:
            return None
        received += part
    return bytes(received)
