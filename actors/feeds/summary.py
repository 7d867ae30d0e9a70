"""What came of an ingest."""

from collections import Counter
from collections.abc import Mapping
from typing import Final, Self

import msgspec

from actors.feeds.errors import FeedError
from schemas.quantities import Nanoseconds

EXAMPLES_MAX: Final = 5
"""Malformed rows that a summary names."""


class IngestSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Counts over a source; every row read is accepted, refused, or still waits to be sorted in.

    Attributes:
        refused_by_reason: rows refused; each is a ``market.refused`` in the source.
        rows_malformed: those of the refused that are mistakes in the file (``feeds.malformed``);
            malformed: the first of them in words, with file, row and field.
        suspicious: rows accepted although they are odd, by reason; a row may have several.
        gaps: silences that no calendar explains; gaps_expected: those that one does.
        files_refused: what is wrong with files that could not be read, or not to their end.
    """

    rows_read: int = 0
    rows_accepted: int = 0
    rows_refused: int = 0
    refused_by_reason: dict[str, int] = {}
    rows_malformed: int = 0
    malformed: tuple[str, ...] = ()
    first_ts: Nanoseconds | None = None
    last_ts: Nanoseconds | None = None
    gaps: int = 0
    gaps_expected: int = 0
    suspicious: dict[str, int] = {}
    files_refused: tuple[str, ...] = ()

    def plus(self, other: Self) -> Self:
        """This and what came after it, as one."""
        return type(self)(
            rows_read=self.rows_read + other.rows_read,
            rows_accepted=self.rows_accepted + other.rows_accepted,
            rows_refused=self.rows_refused + other.rows_refused,
            refused_by_reason=_added(self.refused_by_reason, other.refused_by_reason),
            rows_malformed=self.rows_malformed + other.rows_malformed,
            malformed=(*self.malformed, *other.malformed)[:EXAMPLES_MAX],
            first_ts=other.first_ts if self.first_ts is None else self.first_ts,
            last_ts=self.last_ts if other.last_ts is None else other.last_ts,
            gaps=self.gaps + other.gaps,
            gaps_expected=self.gaps_expected + other.gaps_expected,
            suspicious=_added(self.suspicious, other.suspicious),
            files_refused=self.files_refused + other.files_refused,
        )


class IngestFailed(FeedError):
    """A file could not be read to its end; what was good is kept, and ``summary`` counts it."""

    def __init__(self, summary: IngestSummary) -> None:
        super().__init__("; ".join(summary.files_refused))
        self.summary = summary


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted((Counter(one) + Counter(other)).items()))
