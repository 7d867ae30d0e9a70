"""Reading FlatBuffers, as much of them as the head of an Arrow message needs.

A table begins with the distance back to its vtable, which has the place of each field in it, or 0
for a field that is not there (flatbuffers.dev/internals).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

_U16 = struct.Struct("<H")
_U32 = struct.Struct("<I")
_I32 = struct.Struct("<i")
_I64 = struct.Struct("<q")
_PAIR = struct.Struct("<qq")
_VTABLE_HEAD = 4


@dataclass(frozen=True, slots=True)
class Table:
    """A table in a buffer. Fields are named by their numbers.

    What is read behind the buffer's end raises ``struct.error``; a field that is not there and has
    no default, ``KeyError``.
    """

    buffer: bytes
    position: int

    @classmethod
    def root(cls, buffer: bytes) -> Self:
        """The table that a buffer begins with."""
        return cls(buffer, _U32.unpack_from(buffer)[0])

    def has(self, field: int) -> bool:
        """Whether a field is there."""
        return self._place(field) != 0

    def int64(self, field: int) -> int:
        """A whole number; 0 unless it is there."""
        place = self._place(field)
        return int(_I64.unpack_from(self.buffer, place)[0]) if place else 0

    def text(self, field: int) -> str:
        """A text."""
        start, length = self._vector(field)
        return self.buffer[start : start + length].decode()

    def table(self, field: int) -> "Table":
        """A table inside this one."""
        return Table(self.buffer, self._behind(self._required(field)))

    def tables(self, field: int) -> "Iterator[Table]":
        """A vector of tables."""
        start, length = self._vector(field)
        for item in range(start, start + 4 * length, 4):
            yield Table(self.buffer, self._behind(item))

    def pairs(self, field: int) -> Iterator[tuple[int, int]]:
        """A vector of structs of two whole numbers of 64 bits."""
        start, length = self._vector(field)
        for item in range(start, start + _PAIR.size * length, _PAIR.size):
            one, other = _PAIR.unpack_from(self.buffer, item)
            yield one, other

    def _vector(self, field: int) -> tuple[int, int]:
        """Where a vector's items begin, and how many there are."""
        head = self._behind(self._required(field))
        return head + 4, int(_U32.unpack_from(self.buffer, head)[0])

    def _required(self, field: int) -> int:
        place = self._place(field)
        if not place:
            raise KeyError(f"field {field}")
        return place

    def _place(self, field: int) -> int:
        vtable = self.position - _I32.unpack_from(self.buffer, self.position)[0]
        entry = _VTABLE_HEAD + 2 * field
        if entry >= _U16.unpack_from(self.buffer, vtable)[0]:
            return 0
        within = _U16.unpack_from(self.buffer, vtable + entry)[0]
        return self.position + within if within else 0

    def _behind(self, place: int) -> int:
        """Where an offset points to; it counts from its own place."""
        return place + int(_U32.unpack_from(self.buffer, place)[0])
