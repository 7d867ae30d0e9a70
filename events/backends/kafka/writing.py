"""Writing a log's entries into its topic: one writer, who knows when it was replaced."""

import os
import socket
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from events.backends.kafka.marks import (
    Claim,
    Entry,
    NotOurs,
    Superseded,
    claim_headers,
    entry_headers,
    read_mark,
)
from events.backends.kafka.reading import Ledger
from events.errors import Closed, Corrupt, Fenced, LogError

_ATTEMPTS: Final = 10
"""How often an entry may meet records that nobody knew of before this writer gives up."""


class LedgerWriter:
    """The newest writer of a topic.

    It begins with a claim, reads what is before it, and knows from then on every record of the
    topic. Each entry names the offset that comes next, and counts there alone. So the order of the
    partition decides: what a replaced writer had under way stands either before the new claim,
    where the new writer finds it, or behind it, where it counts for nobody.

    After any error it refuses all further work; only opening again says where the log ends.

    Raises:
        WrongSettings, NotAllowed, Unreachable: the topic cannot be written, or not as it must be.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger: Final = ledger
        self._pending: list[Entry] = []
        self._failure: LogError | None = None
        ledger.cluster.topics.require(ledger.topic)
        self._producer = ledger.cluster.producer(ledger.topic)
        try:
            self._producer.send(_who().encode(), claim_headers())
            (self._claim,) = self._producer.flush()
            self._next = self._claim + 1
            with ledger.cluster.reading(ledger.topic) as consumer:
                self.last: Final = ledger.last_before(consumer, self._claim)
        except BaseException:
            self._producer.close()
            raise

    @property
    def failed(self) -> bool:
        """Whether an error or ``close`` ended this writer."""
        return self._failure is not None

    def check(self) -> None:
        """Raise what ended this writer, if anything did."""
        if self._failure is not None:
            raise self._failure

    def add(self, entry: Entry) -> None:
        """Take an entry, whose offset is not known yet; it is durable after ``flush``."""
        self.check()
        self._pending.append(entry)

    def flush(self) -> None:
        """Make all entries durable and visible.

        Raises:
            Fenced: another writer claimed the topic, and what was flushed may not count.
            Corrupt: what was written before is not there any more, or a foreign record stands where
            an entry had to go and the policy is to halt.
            LogError: the broker did not take an entry.
        """
        self.check()
        if not self._pending:
            return
        try:
            self._write()
        except BaseException as error:
            topic = self._ledger.topic
            self._failure = (
                error if isinstance(error, LogError) else LogError(f"kafka: {topic}: interrupted")
            )
            self._pending.clear()
            self._producer.close()
            raise

    def close(self) -> None:
        """Drop what is not flushed, and disconnect."""
        if isinstance(self._failure, Closed):
            return
        if self._failure is None:
            self._producer.close()
        self._failure = Closed(f"kafka: {self._ledger.topic}: this writer is closed")

    def _write(self) -> None:
        waiting, self._pending = self._pending, []
        for _ in range(_ATTEMPTS):
            waiting = waiting[self._sent(waiting) :]
            if not waiting:
                return
        raise LogError(f"kafka: {self._ledger.topic}: other programs keep writing into this topic")

    def _sent(self, entries: Sequence[Entry]) -> int:
        """Send entries; how many of them count."""
        for offset, entry in enumerate(entries, self._next):
            headers = entry_headers(replace(entry, offset=offset), self._claim)
            self._producer.send(entry.body, headers)
        counted, offsets = 0, self._producer.flush()
        while counted < len(offsets) and offsets[counted] == self._next:
            counted += 1
            self._next += 1
        if counted < len(offsets):
            self._learn(self._next, offsets[counted], offsets[-1])
        return counted

    def _learn(self, expected: int, found: int, end: int) -> None:
        """Read what stands where this writer's records had to; to know it makes it harmless."""
        ledger = self._ledger
        if found < expected:
            raise Corrupt(
                f"kafka: {ledger.topic}: the broker put at {found} what goes to {expected}: "
                "records were lost, or another topic has its name"
            )
        with ledger.cluster.reading(ledger.topic) as consumer:
            for record in consumer.read(expected, end + 1):
                match read_mark(record):
                    case Claim(offset=offset, who=who):
                        raise Fenced(f"kafka: {ledger.topic}:{offset}: {who} took over")
                    case NotOurs(reason=reason):
                        ledger.cluster.quarantine.take(ledger.topic, record, reason)
                    case Superseded():
                        pass
                    case Entry(offset=offset):
                        raise Corrupt(f"kafka: {ledger.topic}:{offset}: a writer made no claim")
        self._next = end + 1


def _who() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"
