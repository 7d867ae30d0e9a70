"""Real files, small files made by hand, and the log that comes of them."""

import lzma
import struct
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from actors.feeds.files import FileFeed
from actors.feeds.formats.format import FileOptions, Part
from actors.feeds.quality.policy import QualityPolicy
from actors.feeds.rows import Block, Origin, Place, Rows
from actors.feeds.summary import IngestFailed, IngestSummary
from actors.feeds.survey import FileSet, Wanted, survey
from events.backends.memory.market_log import MemoryMarketLog
from events.batches import BatchKind, MarketRecord
from events.codecs.json import decode_payload
from schemas.market import Gap, Instrument, Refused
from schemas.registry import Payload

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "tests" / "samples"
LEAN = SAMPLES / "lean"
DUKASCOPY = SAMPLES / "dukascopy-node"
FXCM_DAY = ROOT / "runtime/samples/lean/forex/fxcm/tick/eurusd/20140501_quote.zip"
SHARED = ROOT.parent / "shared" / "data"

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


def shared(path: str) -> Path:
    found = SHARED / path
    if not found.exists():
        pytest.skip("shared data not present")
    return found


def ns(text: str) -> int:
    """Nanoseconds of a UTC time."""
    return int(np.datetime64(text, "ns").astype(np.int64))


def only(sets: Sequence[FileSet]) -> FileSet:
    assert len(sets) == 1
    return sets[0]


def file_set(*paths: Path, symbol: str = "", venue: str = "", **options: str) -> FileSet:
    instruments = (symbol,) if symbol else ()
    files = FileOptions(**options)  # type: ignore[arg-type]  # the tests pass only text options
    return only(survey(paths, Wanted(instruments=instruments, venue=venue, files=files)))


def blocks(files: FileSet) -> list[Block]:
    return [block for part in files.parts for block in part.reader.blocks(files.precision, Place())]


def read(files: FileSet) -> Block:
    """The one block of a small file."""
    (block,) = blocks(files)
    return block


def part_of(files: FileSet) -> Part:
    (part,) = files.parts
    return part


class Ingested:
    """A source in memory, and what was said about it."""

    def __init__(self, files: FileSet, policy: QualityPolicy | None = None) -> None:
        self.log = MemoryMarketLog()
        self.feed = FileFeed(files, policy)
        self.failure: IngestFailed | None = None
        with self.log.open(self.feed.source) as writer:
            try:
                self.summary: IngestSummary = self.feed.ingest(writer)
            except IngestFailed as failure:
                self.failure, self.summary = failure, failure.summary

    def records(self) -> list[MarketRecord]:
        return list(self.log.read(self.feed.source))

    def facts(self) -> list[Payload]:
        return facts_in(self.records())

    def refused(self) -> list[Refused]:
        return [fact for fact in self.facts() if isinstance(fact, Refused)]

    def gaps(self) -> list[Gap]:
        return [fact for fact in self.facts() if isinstance(fact, Gap)]

    def instrument(self) -> Instrument:
        first = self.facts()[0]
        assert isinstance(first, Instrument)
        return first

    def times(self) -> list[int]:
        return [
            ts
            for record in self.records()
            if record.kind is not BatchKind.FACTS
            for ts in record.batch.column("ts_event").view("int64").to_pylist()
        ]

    def column(self, name: str) -> list[int]:
        return [int(value) for value in self._cells(name)]

    def trade_ids(self) -> list[str]:
        return [str(value) for value in self._cells("trade_id")]

    def _cells(self, name: str) -> Iterator[int | str]:
        for record in self.records():
            if record.kind is not BatchKind.FACTS:
                yield from record.batch.column(name).to_pylist()


def facts_in(records: Sequence[MarketRecord]) -> list[Payload]:
    return [
        decode_payload(row["kind"], row["version"], row["payload"].encode())
        for record in records
        if record.kind is BatchKind.FACTS
        for row in record.batch.select(["kind", "version", "payload"]).to_pylist()
    ]


def contents(records: Sequence[MarketRecord]) -> list[tuple[object, ...]]:
    """Records in a form that can be compared."""
    return [(r.first, r.kind, r.terms, r.batch.to_pydict()) for r in records]


def zipped(path: Path, members: dict[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def fxcm_ticks(folder: Path, text: str, date: str = "20140505") -> Path:
    """A day of FXCM ticks in LEAN's folders."""
    path = folder / "forex/fxcm/tick/eurusd" / f"{date}_quote.zip"
    return zipped(path, {f"{date}_eurusd_tick_quote.csv": text})


def bi5(path: Path, ticks: Sequence[tuple[int, int, int, float, float]]) -> Path:
    """Dukascopy ticks: ms, ask, bid, ask volume, bid volume."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = b"".join(struct.pack(">3I2f", *tick) for tick in ticks)
    path.write_bytes(lzma.compress(body, format=lzma.FORMAT_ALONE))
    return path


def quotes(ts: Sequence[int], bid: Sequence[int], ask: Sequence[int], first: int = 1) -> Rows:
    """Quote rows as a reader makes them, numbered as lines of ``made.csv``."""
    zeros = np.zeros(len(ts), dtype=np.int64)
    return Rows(
        ts=np.asarray(ts, dtype=np.int64),
        columns={
            "bid": np.asarray(bid, dtype=np.int64),
            "ask": np.asarray(ask, dtype=np.int64),
            "bid_size": zeros,
            "ask_size": zeros,
        },
        origin=lambda index: Origin("made.csv", first + index, f"row {first + index}"),
    )
