"""A journal in front of another, which passes on what its subclass does not do otherwise."""

from collections.abc import Iterator
from typing import Final, Self

from events.journal import Head, Journal, JournalRecord, JournalTail, JournalWriter
from schemas.envelope import Step


class PassingJournal:
    """It implements ``events.journal.Journal``."""

    def __init__(self, journal: Journal) -> None:
        self._journal: Final = journal

    def open(self) -> JournalWriter:
        return self._journal.open()

    def records(self, from_seq: int = 0) -> Iterator[JournalRecord]:
        return self._journal.records(from_seq)

    def tail(self, from_seq: int = 0) -> JournalTail:
        return self._journal.tail(from_seq)

    def end(self) -> int:
        return self._journal.end()


class PassingWriter:
    """It implements ``events.journal.JournalWriter``."""

    def __init__(self, writer: JournalWriter) -> None:
        self._writer: Final = writer

    @property
    def head(self) -> Head:
        return self._writer.head

    @property
    def durable_seq(self) -> int:
        return self._writer.durable_seq

    def append(self, step: Step) -> str:
        return self._writer.append(step)

    def flush(self) -> int:
        return self._writer.flush()

    def close(self) -> None:
        self._writer.close()

    def __enter__(self) -> Self:
        self._writer.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self._writer.__exit__(*raised)
