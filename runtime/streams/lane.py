"""One log as the application has read it: what counts in its topic, folded into windows."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from actors.monitoring.folding import (
    Fold,
    Measured,
    after_delay,
    after_event,
    after_rows,
    after_step,
)
from events.backends.kafka.clients.port import Record
from events.backends.kafka.journal import steps_in
from events.backends.kafka.market_log import record_in
from events.backends.kafka.marks import Claim, Entry, Kind, NotOurs, Superseded, read_mark
from events.backends.kafka.quarantine import Quarantine
from events.codecs.json import decode_step
from events.errors import Corrupt
from runtime.streams.config import StreamsConfig
from runtime.streams.stretches import stretches
from schemas.envelope import GENESIS
from schemas.quantities import Nanoseconds
from schemas.registry import UnknownKind

_FAULTS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A topic to read.

    Attributes:
        name: of the source, or of the cell and its run, for people.
        kind: what its entries hold: ``ROWS`` or ``STEPS``.
        end: offset behind its last record when the application started.
    """

    topic: str
    name: str
    kind: Kind
    end: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be read, and where it is."""

    offset: int
    reason: str


class Lane:
    """The records of one topic, taken in order. A record that came before is passed over."""

    def __init__(self, log: Log, config: StreamsConfig, quarantine: Quarantine) -> None:
        self.log: Final = log
        self.windows: Final[deque[Measured]] = deque(maxlen=config.windows)
        self.faults: Final[deque[Fault]] = deque(maxlen=_FAULTS_SHOWN)
        self.offset = -1
        self.number = 0
        self.superseded = 0
        self.unreadable = 0
        self.sealed = False
        """Whether it was said that nothing will follow."""
        self._length: Final = config.length
        self._quarantine: Final = quarantine
        self._previous = GENESIS
        self._fold = Fold()

    @property
    def open_window(self) -> Measured | None:
        """The window that is filled."""
        return self._fold.measured

    def take(self, record: Record, appended: Nanoseconds) -> tuple[Measured, ...]:
        """Fold a record; the windows that it closed come back.

        What cannot be read is set aside with its position and counted. So is a place where entries
        are missing, and folding goes on behind it.

        Args:
            appended: when the broker took it, UTC nanoseconds to the millisecond.
        """
        if record.offset <= self.offset:
            return ()
        self.offset = record.offset
        match read_mark(record):
            case Entry() as entry:
                closed = tuple(self._counted(entry, record, appended))
                self.windows.extend(closed)
                return closed
            case NotOurs(reason=reason):
                self._set_aside(record, reason)
            case Superseded():
                self.superseded += 1
            case Claim():
                pass
        return ()

    def _counted(self, entry: Entry, record: Record, appended: Nanoseconds) -> Iterator[Measured]:
        if (entry.first, entry.previous) != (self.number, self._previous):
            self._note(entry.offset, f"number {entry.first} does not follow {self.number - 1}")
        self.number, self._previous = entry.end, entry.id
        self.sealed = entry.kind is Kind.SEAL
        try:
            if entry.kind is Kind.ROWS and self.log.kind is Kind.ROWS:
                yield from self._rows(entry, appended)
            elif entry.kind is Kind.STEPS and self.log.kind is Kind.STEPS:
                yield from self._steps(entry, record, appended)
            elif not self.sealed:
                self._set_aside(record, f"{entry.kind} have no place here")
        except (Corrupt, UnknownKind) as error:
            self._set_aside(record, str(error))

    def _rows(self, entry: Entry, appended: Nanoseconds) -> Iterator[Measured]:
        source = self.log.name
        market = record_in(source, entry)
        window = self._fold.window
        for part in stretches(market, self._length, window.end if window else None):
            if part.last is not None:
                self._fold, closed = after_event(self._fold, part.last, self._length, part.rows)
                if closed is not None:
                    yield closed
                learned = part.last.ts_recorded
                self._fold = after_delay(self._fold, "received", part.delay)
                self._fold = after_delay(self._fold, "durable", appended - learned)
            self._fold = after_rows(self._fold, source, part.rows)

    def _steps(self, entry: Entry, record: Record, appended: Nanoseconds) -> Iterator[Measured]:
        for stored in steps_in(self.log.topic, entry, entry.first):
            try:
                step = decode_step(stored.body)
            except (Corrupt, UnknownKind) as error:
                self._set_aside(record, f"step {stored.seq}: {error}")
                continue
            self._fold, closed = after_step(self._fold, step, self._length)
            if closed is not None:
                yield closed
            self._fold = after_delay(self._fold, "recorded", step.ts_recorded - step.ts)
            self._fold = after_delay(self._fold, "durable", appended - step.ts_recorded)

    def _set_aside(self, record: Record, reason: str) -> None:
        self._quarantine.take(self.log.topic, record, reason)
        self._note(record.offset, reason)

    def _note(self, offset: int, reason: str) -> None:
        self.unreadable += 1
        self.faults.append(Fault(offset, reason))
