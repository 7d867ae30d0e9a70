"""Records as they stand in a topic, without a broker."""

from collections.abc import Sequence
from pathlib import Path

from events.backends.kafka.clients.port import Record
from events.backends.kafka.config import Foreign, KafkaConfig
from events.backends.kafka.marks import Entry, Kind, claim_headers, entry_headers
from events.backends.kafka.quarantine import Quarantine
from events.batches import BatchKind
from events.chain import NEW, successor
from events.codecs.arrow import encode_batch
from events.codecs.json import digest, encode_step
from runtime.streams.config import StreamsConfig
from runtime.streams.lane import Lane, Log
from schemas.envelope import GENESIS
from tests.support.batches import EURUSD, quotes
from tests.support.steps import step_at

CONFIG = StreamsConfig(window_ms=60_000, windows=5)
SOURCE = Log(topic="t.market.s", name="s", kind=Kind.ROWS)
CELL = Log(topic="t.cell.c", name="c", kind=Kind.STEPS)


def lane(log: Log, folder: Path, config: StreamsConfig = CONFIG) -> Lane:
    """A lane that sets aside what it cannot read."""
    path = str(folder / "quarantine.jsonl")
    kafka = KafkaConfig(foreign=Foreign.QUARANTINE, quarantine_file=path)
    return Lane(log, config, Quarantine(kafka))


class Topic:
    """Writes one record after the other, as the newest writer would."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.records: list[Record] = []
        self.number = 0
        self.previous = GENESIS
        self.head = NEW

    def claim(self) -> None:
        """A writer begins."""
        self._add(dict(claim_headers()), b"process 1 on here")

    def steps(self, count: int) -> Record:
        """An entry of the next steps."""
        lines = []
        for _ in range(count):
            step = step_at(self.head)
            lines.append(encode_step(step))
            self.head = successor(self.head, step, lines[-1])
        return self.entry(b"\n".join(lines), count, digest(lines[-1]))

    def rows(self, count: int) -> Record:
        """An entry of the next quotes."""
        body = encode_batch(BatchKind.QUOTES, EURUSD, quotes(self.number, count))
        return self.entry(body, count, digest(body))

    def entry(self, body: bytes, count: int, name: str) -> Record:
        """Any entry that follows."""
        entry = Entry(
            offset=len(self.records),
            kind=self.kind,
            first=self.number,
            count=count,
            id=name,
            previous=self.previous,
            checkpoint=b"",
            body=body,
        )
        self.number, self.previous = entry.end, name
        return self._add(dict(entry_headers(entry, 0)), body)

    def stranger(self, value: bytes = b"who is this") -> Record:
        """A record that is none of ours."""
        return self._add({}, value)

    def again(self, record: Record) -> Record:
        """The record once more where it does not count, as a zombie's is."""
        return self._add(dict(record.headers), record.value)

    def _add(self, headers: dict[str, bytes], value: bytes) -> Record:
        self.records.append(Record(len(self.records), headers, value))
        return self.records[-1]


def taken(lane: Lane, records: Sequence[Record]) -> Lane:
    """The lane after records."""
    for record in records:
        lane.take(record, appended=0)
    return lane
