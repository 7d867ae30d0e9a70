"""Spans in a file, a JSON object a line: a place is an offset in bytes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from events.errors import Corrupt
from events.spans import Span

_NEWLINE: Final = b"\n"
_LONGEST_LINE: Final = 1 << 20
_decode: Final = msgspec.json.Decoder(Span).decode
_encode: Final = msgspec.json.Encoder().encode_lines


class SpanFile:
    """Written by one process, read by any. A line that a crash cut off is cut away or passed over.

    Raises:
        OSError: the file cannot be written or read.
    """

    def __init__(self, path: Path) -> None:
        self._path: Final = path
        self._is_whole = False

    def append(self, spans: Sequence[Span]) -> None:
        """Add spans; they are visible when the call returns, and not safe from a power cut."""
        if not self._is_whole:
            self._cut_torn_line()
        self._is_whole = False  # Until all is written: a full disk takes a part.
        with self._path.open("ab") as file:
            file.write(_encode(spans))
        self._is_whole = True

    def end(self) -> int:
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    def read(self, start: int, size_max: int) -> tuple[Sequence[Span], int]:
        with self._path.open("rb") as file:
            file.seek(start)
            lines = file.readlines(size_max)
        if lines and not lines[-1].endswith(_NEWLINE):
            lines.pop()
        try:
            spans = [_decode(line) for line in lines]
        except msgspec.MsgspecError as error:
            raise Corrupt(f"{self._path}, after byte {start}: {error}") from error
        return spans, start + sum(map(len, lines))

    def _cut_torn_line(self) -> None:
        if not (size := self.end()):
            return
        with self._path.open("rb+") as file:
            file.seek(max(0, size - _LONGEST_LINE))
            tail = file.read()
            if not tail.endswith(_NEWLINE):
                file.truncate(size - (len(tail) - tail.rfind(_NEWLINE) - 1))


class SpanFiles:
    """The span files in a run's directory. It implements ``events.spans.Spans``."""

    def __init__(self, directory: Path) -> None:
        self._directory: Final = directory

    def readers(self) -> Mapping[str, SpanFile]:
        return {path.stem: SpanFile(path) for path in self._directory.glob("spans*.jsonl")}
