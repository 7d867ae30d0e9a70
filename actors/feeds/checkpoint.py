"""Where a feed stands in its files; it travels with every record, so a crash loses nothing."""

from typing import Self

import msgspec

from actors.feeds.errors import FeedError
from actors.feeds.quality.carried import Carried
from actors.feeds.recording import ROWS_PER_RECORD
from actors.feeds.rows import Place
from actors.feeds.summary import IngestSummary


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """The place before a block, and all that is known there.

    Attributes:
        part: index of the file; as many as there are files behind the last.
        announced: whether the instrument has been recorded.
    """

    part: int = 0
    place: Place = Place()
    carried: Carried = Carried()
    summary: IngestSummary = IngestSummary()
    announced: bool = False


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A position, and how many of the records made from there are in the log.

    Attributes:
        rows_per_record: into which the source is cut; it counts ``emitted``.
    """

    source: str
    position: Position
    emitted: int
    rows_per_record: int = ROWS_PER_RECORD

    def encoded(self) -> bytes:
        """The checkpoint as bytes."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def decoded(cls, body: bytes, source: str, rows_per_record: int = ROWS_PER_RECORD) -> Self:
        """The checkpoint of a source; the very beginning when there is none yet.

        Args:
            rows_per_record: for a source that has none yet.

        Raises:
            FeedError: it is another source's, or of a version that wrote it otherwise.
        """
        if not body:
            return cls(
                source=source, position=Position(), emitted=0, rows_per_record=rows_per_record
            )
        try:
            found = msgspec.msgpack.decode(body, type=cls)
        except msgspec.MsgspecError as error:
            raise FeedError(f"source {source}: was begun by another version: {error}") from error
        if found.source != source:
            raise FeedError(f"source {source}: holds the checkpoint of {found.source}")
        return found
