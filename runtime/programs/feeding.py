"""A feed of recorded files, as a program: what is in them goes into the market log, at a pace."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Final

from actors.feeds.files import FileFeed
from actors.feeds.instruments import InstrumentDefinition
from actors.feeds.recording import Record
from actors.feeds.summary import IngestSummary
from actors.feeds.survey import FileSet, Wanted, survey
from events.market_log import MarketLog, MarketWriter
from runtime.ingesting import DataConfig
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.specs import FeedSpec
from schemas.quantities import SECOND_NS, Nanoseconds

RECORDS_PER_TURN: Final = 32
"""So many records become durable together where none has to wait for its time."""

type Clock = Callable[[], float]
"""Seconds that only grow."""


def file_sets(data: DataConfig, definitions: tuple[InstrumentDefinition, ...]) -> list[FileSet]:
    """The file sets behind a configuration; each becomes a source.

    Raises:
        FeedError: a path or a format is wrong.
    """
    wanted = Wanted(
        instruments=data.instruments,
        venue=data.venue,
        definitions=definitions,
        files=data.files,
    )
    return list(survey([Path(path) for path in data.paths], wanted))


class FeedProgram:
    """Feeds several sources in order of time. It implements ``Program``.

    A record is written when the market time of its last row has come. After a crash the pace begins
    anew where the log ends.
    """

    def __init__(
        self,
        spec: FeedSpec,
        market_log: MarketLog,
        clock: Clock = monotonic,
    ) -> None:
        self._spec: Final = spec
        self._log: Final = market_log
        self._clock: Final = clock
        self._lanes: list[_Lane] = []
        self._began: tuple[float, Nanoseconds] = (0.0, 0)
        self._counters: Final = Counter[str]()

    def start(self) -> None:
        spec = self._spec
        for files in file_sets(spec.data, spec.instruments):
            feed = FileFeed(files, spec.data.quality, rows_per_record=spec.rows_per_record)
            self._lanes.append(_Lane(feed, self._log.open(feed.source)))
            self._lanes[-1].prepare()
        self._began = (self._clock(), min((lane.starts for lane in self._open), default=0))

    def turn(self) -> bool:
        now = self._market_now()
        written: list[_Lane] = []
        for _ in range(RECORDS_PER_TURN):
            due = min(self._open, key=lambda lane: lane.due, default=None)
            if due is None or (now is not None and due.due > now):
                break
            self._counters["rows"] += due.write()
            self._counters["records"] += 1
            written.append(due)
        for lane in dict.fromkeys(written):
            lane.flush()
        return bool(written)

    def stop(self, reason: str) -> None:  # noqa: ARG002 - a source goes on: nothing is said in it
        self.close()

    def close(self) -> None:
        for lane in self._lanes:
            lane.close()

    def status(self) -> ProgramStatus:
        return ProgramStatus(
            name=self._spec.name,
            kind="feed",
            stage=Stage.RUNNING if self._open or not self._lanes else Stage.FINISHED,
            position={lane.source: lane.position for lane in self._lanes},
            counters=dict(self._counters),
        )

    @property
    def _open(self) -> Sequence["_Lane"]:
        return [lane for lane in self._lanes if not lane.over]

    def _market_now(self) -> Nanoseconds | None:
        """Where the market stands at this pace; ``None`` for no pace."""
        if not self._spec.pace:
            return None
        began, opened = self._began
        return opened + int((self._clock() - began) * self._spec.pace * SECOND_NS)


class _Lane:
    """One source: the record that is next, and its writer."""

    def __init__(self, feed: FileFeed, writer: MarketWriter) -> None:
        self._feed: Final = feed
        self._writer: Final = writer
        self.source: Final = feed.source
        self.position = writer.next_seq
        self.over = False
        self._summary = IngestSummary()
        self._records: Final = self._pending()
        self._next: tuple[Record, bytes] | None = None

    @property
    def starts(self) -> Nanoseconds:
        """Time of the next record's first row."""
        return self._time(0)

    @property
    def due(self) -> Nanoseconds:
        """Time of the next record's last row."""
        return self._time(-1)

    def write(self) -> int:
        """Append the next record, and prepare the one behind it; how many rows it had."""
        assert self._next is not None
        record, checkpoint = self._next
        self._writer.append(record.kind, record.terms, record.batch, checkpoint=checkpoint)
        self.prepare()
        return int(record.batch.num_rows)

    def flush(self) -> None:
        """Make what was written durable."""
        self._writer.flush()
        self.position = self._writer.next_seq

    def close(self) -> None:
        self._writer.close()

    def prepare(self) -> None:
        """Read the next record; seal the source when there is none.

        Raises:
            IngestFailed: a file could not be read; what was good is in the log.
        """
        self._next = next(self._records, None)
        if self._next is None:
            self.over = True
            self._feed.finish(self._writer, self._summary)

    def _pending(self) -> Iterator[tuple[Record, bytes]]:
        for passage in self._feed.passages(self._writer.checkpoint):
            yield from passage.records
            self._summary = passage.summary

    def _time(self, row: int) -> Nanoseconds:
        assert self._next is not None
        batch = self._next[0].batch
        return int(batch.column(0)[row % batch.num_rows].value)
