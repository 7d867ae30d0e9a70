"""A text file as blocks of whole lines, each known by its place, with little in memory."""

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from actors.feeds.errors import Unreadable
from actors.feeds.rows import Place

BLOCK_BYTES: Final = 1 << 21
"""Read at a time: large enough for Arrow to be fast, small enough that a crash repeats little."""

PIECE_BYTES: Final = 1 << 18

DAMAGED: Final = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    lzma.LZMAError,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
"""What the archive modules raise for a file that is cut off, altered, or oddly packed."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file, plain or gzipped, or a member of a zip."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """How messages and refused rows name it."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    @contextmanager
    def opened(self) -> Iterator[IO[bytes] | gzip.GzipFile]:
        """The decompressed bytes."""
        if self.member:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as stream:
                yield stream
        elif self.path.suffix.lower() == ".gz":
            with gzip.open(self.path, "rb") as unpacked:
                yield unpacked
        else:
            with self.path.open("rb") as plain:
                yield plain


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines, and the places at which they begin and end."""

    text: bytes
    start: Place
    end: Place


def line_blocks(file: TextFile, start: Place, size: int = BLOCK_BYTES) -> Iterator[Lines]:
    """Blocks of whole lines from a place on. The same place gives the same blocks.

    Raises:
        Unreadable: the file is damaged; the whole lines before the damage came first.
    """
    place, buffer = start, bytearray()
    damage: Exception | None = None
    pieces = _pieces(file, start.offset)
    while damage is None:
        try:
            buffer += next(pieces)
        except StopIteration:
            break
        except DAMAGED as error:
            damage = error
        while cut := _end_of_block(buffer, size):
            block = _block(bytes(buffer[:cut]), place)
            del buffer[:cut]
            yield block
            place = block.end
    rest = bytes(buffer if damage is None else buffer[: buffer.rfind(b"\n") + 1])
    if rest:
        yield _block(rest, place)
    if damage is not None:
        raise Unreadable(file.name, 0, "damaged", f"the file is damaged: {damage}") from damage


def _pieces(file: TextFile, offset: int) -> Iterator[bytes]:
    with file.opened() as stream:
        stream.seek(offset)
        # Pieces end at the same bytes wherever reading began, so damage shows at the same piece.
        size = PIECE_BYTES - offset % PIECE_BYTES
        while piece := stream.read(size):
            yield piece
            offset += len(piece)
            size = PIECE_BYTES - offset % PIECE_BYTES


def _end_of_block(buffer: bytearray, size: int) -> int:
    """How many bytes of the buffer are a block; 0 while it has to grow."""
    if len(buffer) < size:
        return 0
    return (buffer.rfind(b"\n", 0, size) + 1) or (buffer.find(b"\n", size) + 1)


def first_lines(file: TextFile, count: int) -> list[str]:
    """The first lines, at most ``count``, decoded; damage behind them is not noticed."""
    block = next(line_blocks(file, Place(), 1 << 16), None)
    lines = [] if block is None else block.text.decode("utf-8-sig", "replace").splitlines()
    return lines[:count]


def _block(text: bytes, start: Place) -> Lines:
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    return Lines(text, start, Place(start.offset + len(text), start.row + lines))
