"""The feed that makes one source of a set of files."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from itertools import chain, islice
from operator import attrgetter
from typing import Final

import numpy as np
from msgspec.structs import replace

from actors.feeds.calendars.choice import calendar_of
from actors.feeds.checkpoint import Checkpoint, Position
from actors.feeds.columns import PRICES, SIZES
from actors.feeds.errors import Unreadable
from actors.feeds.facts import Fact
from actors.feeds.intervals import interval_ns
from actors.feeds.malformed import malformed, told
from actors.feeds.naming import source_name
from actors.feeds.quality.inspection import Inspected, Inspection
from actors.feeds.quality.policy import QualityPolicy
from actors.feeds.recording import ROWS_PER_RECORD, Record, Recorder
from actors.feeds.rows import RAW_LENGTH_MAX, Block, Origin, Place, Refusal, Rows
from actors.feeds.summary import EXAMPLES_MAX, IngestFailed, IngestSummary
from actors.feeds.survey import FileSet
from actors.feeds.text.layout import AGGRESSOR
from events.batches import BatchKind, Terms
from events.market_log import MarketLog, MarketWriter
from schemas.market import Refused
from schemas.quantities import Nanoseconds

RECORDS_PER_FLUSH: Final = 32
"""What a crash takes is read again: about a quarter of a million rows, a third of a second."""

type Progress = Callable[[IngestSummary], None]


@dataclass(frozen=True, slots=True)
class _Found:
    """A stretch of a file from a place on, or why there is none, or the end of all files."""

    part: int
    place: Place
    content: Block | Unreadable | None


@dataclass(frozen=True, slots=True)
class Passage:
    """What comes of one block of a file.

    Attributes:
        records: to be appended in order, each with the checkpoint that goes with it; read once.
        summary: of everything up to the passage's end.
    """

    records: Iterator[tuple[Record, bytes]]
    summary: IngestSummary


class FileFeed:
    """Reads files into a source of the market log, from the start or from where it stopped.

    The source begins with its ``market.instrument``. What is recorded, and in which records,
    depends on the files and the policy alone: a feed that was killed at any moment goes on to the
    same log.
    """

    def __init__(
        self,
        files: FileSet,
        policy: QualityPolicy | None = None,
        *,
        rows_per_record: int = ROWS_PER_RECORD,
    ) -> None:
        policy = policy or QualityPolicy()
        instrument = files.instrument
        self.source: Final = source_name(files, policy)
        self._files: Final = files
        self._policy: Final = policy
        self._inspection: Final = Inspection(
            policy=policy,
            instrument=instrument.id,
            kind=files.kind,
            calendar=calendar_of(instrument),
            interval_ns=interval_ns(files.interval) if files.interval else 0,
        )
        terms = Terms(
            instrument=instrument.id,
            price_precision=instrument.price_precision,
            size_precision=instrument.size_precision,
            interval=files.interval,
        )
        self._rows_per_record: Final = rows_per_record
        self._recorder: Final = Recorder(kind=files.kind, terms=terms)

    def ingest(self, writer: MarketWriter, progress: Progress | None = None) -> IngestSummary:
        """Bring the source to its end, and seal it. Again on a finished source, it only counts.

        Raises:
            IngestFailed: a file could not be read, and the policy does not skip it. All that was
                good before it is in the log.
            LogError: the log could not be written; the same call goes on from there.
        """
        unflushed, summary = 0, IngestSummary()
        for passage in self.passages(writer.checkpoint):
            for record, checkpoint in passage.records:
                writer.append(record.kind, record.terms, record.batch, checkpoint=checkpoint)
                unflushed += 1
            if unflushed >= RECORDS_PER_FLUSH:
                writer.flush()
                unflushed = 0
            summary = passage.summary
            if progress is not None:
                progress(summary)
        self.finish(writer, summary)
        return summary

    def passages(self, checkpoint: bytes) -> Iterator[Passage]:
        """What is to be recorded behind a source's checkpoint, which is empty for a new one.

        A source goes on with the ``rows_per_record`` that it was begun with, because its place is
        counted in records.

        Raises:
            FeedError: the checkpoint is another source's, or of another version.
        """
        begun = Checkpoint.decoded(checkpoint, self.source, self._rows_per_record)
        recorder = replaced(self._recorder, rows_per_record=begun.rows_per_record)
        position, recorded = begun.position, begun.emitted
        for found in self._found(position.part, position.place):
            position = replace(position, part=found.part, place=found.place)
            records, after = self._step(recorder, position, found.content)
            here = replace(begun, position=position)
            yield Passage(_placed(records, here, recorded), after.summary)
            position, recorded = after, 0

    def finish(self, writer: MarketWriter, summary: IngestSummary) -> None:
        """Seal the source behind its last passage.

        Raises:
            IngestFailed: a file could not be read, and the policy does not skip it.
        """
        writer.seal()
        if summary.files_refused and self._policy.on_bad_file == "stop":
            raise IngestFailed(summary)

    def _found(self, part: int, place: Place) -> Iterator[_Found]:
        """What the files hold from a place on, and at last nothing."""
        parts = self._files.parts
        for index in range(part, len(parts)):
            try:
                for block in parts[index].reader.blocks(self._files.precision, place):
                    # The rows before an error are none when it is met again from its own place;
                    # a step for them would not be there the first time.
                    if block.end != place:
                        yield _Found(index, place, block)
                    place = block.end
            except Unreadable as error:
                yield _Found(index, place, error)
                if self._policy.on_bad_file == "stop":
                    break
            place = Place()
        yield _Found(len(parts), Place(), None)

    def _step(
        self, recorder: Recorder, position: Position, content: Block | Unreadable | None
    ) -> tuple[Iterator[Record], Position]:
        """What to record of a stretch, and the position after it."""
        if isinstance(content, Unreadable):
            return self._without_file(position, content)
        block = content or Block(rows=_no_rows(self._files.kind), end=position.place)
        inspected = self._inspection.inspect(block.rows, position.carried, last=content is None)
        waiting = position.carried.waiting
        unread = [replaced(each, index=each.index + waiting) for each in block.refusals]
        refusals = sorted([*unread, *inspected.refusals], key=attrgetter("index"))
        first = int(inspected.rows.ts[0]) if len(inspected.rows) else None
        before = self._time_before(position, first)
        records = recorder.records(inspected, refusals, before)
        announcing = not position.announced and (
            content is None or first is not None or bool(refusals)
        )
        after = replace(
            position,
            place=block.end,
            carried=inspected.carried,
            summary=position.summary.plus(_counted(block, inspected, refusals, self._files.kind)),
            announced=position.announced or announcing,
        )
        return (chain(self._announced(before), records) if announcing else records), after

    def _without_file(
        self, position: Position, error: Unreadable
    ) -> tuple[Iterator[Record], Position]:
        """Record that a file, or the rest of it, could not be read."""
        before = self._time_before(position, None)
        refused = Refused(
            file=error.file,
            row=error.row,
            field="",
            reason=error.reason,
            raw=error.text[:RAW_LENGTH_MAX],
            instrument=self._files.instrument.id,
        )
        records = self._recorder.of_facts([Fact(before, refused)])
        after = replace(
            position,
            place=Place(),
            summary=position.summary.plus(IngestSummary(files_refused=(str(error),))),
            announced=True,
        )
        return (records if position.announced else chain(self._announced(before), records)), after

    def _announced(self, ts: Nanoseconds) -> Iterator[Record]:
        return self._recorder.of_facts([Fact(ts, self._files.instrument)])

    def _time_before(self, position: Position, first: Nanoseconds | None) -> Nanoseconds:
        """Market time at which the feed stands: that of its last row, or else where it begins."""
        if position.carried.last_ts is not None:
            return position.carried.last_ts
        if first is not None:
            return first
        starts = (part.starts for part in self._files.parts if part.starts is not None)
        return next(starts, 0)


def _placed(
    records: Iterator[Record], here: Checkpoint, recorded: int
) -> Iterator[tuple[Record, bytes]]:
    """The records behind those that are in the log, each with the feed's place after it."""
    for emitted, record in enumerate(islice(records, recorded, None), recorded + 1):
        yield record, replace(here, emitted=emitted).encoded()


def _counted(
    block: Block, inspected: Inspected, refusals: Sequence[Refusal], kind: BatchKind
) -> IngestSummary:
    mistakes = list(malformed(refusals, kind))
    ts = inspected.rows.ts
    expected = sum(silence.gap.expected for silence in inspected.silences)
    return IngestSummary(
        rows_read=len(block.rows) + len(block.refusals),
        rows_accepted=len(ts),
        rows_refused=len(refusals),
        refused_by_reason=Counter(refusal.reason for refusal in refusals),
        rows_malformed=len(mistakes),
        malformed=tuple(map(told, mistakes[:EXAMPLES_MAX])),
        first_ts=int(ts[0]) if len(ts) else None,
        last_ts=int(ts[-1]) if len(ts) else None,
        gaps=len(inspected.silences) - expected,
        gaps_expected=expected,
        suspicious=Counter(block.suspicious) + Counter(inspected.suspicious),
    )


def _no_rows(kind: BatchKind) -> Rows:
    nothing = np.zeros(0, dtype=np.int64)
    names = (*PRICES[kind], *SIZES[kind], *((AGGRESSOR,) if kind is BatchKind.TRADES else ()))

    def nowhere(index: int) -> Origin:
        raise IndexError(index)

    return Rows(ts=nothing, columns=dict.fromkeys(names, nothing), origin=nowhere)


def ingest(
    log: MarketLog,
    files: FileSet,
    policy: QualityPolicy | None = None,
    progress: Progress | None = None,
) -> IngestSummary:
    """Bring the source of a file set to its end; ``FileFeed(files, policy).source`` is its name.

    Raises:
        IngestFailed: a file could not be read; what was good is kept.
        InUse: somebody else is ingesting the same files.
    """
    feed = FileFeed(files, policy)
    with log.open(feed.source) as writer:
        return feed.ingest(writer, progress)
