"""Writing a log's entries into its topic: one writer, who knows when it was replaced."""

import os
import socket
from typing import Final

from events.backends.kafka.marks import Claim, Entry, claim_headers, entry_headers, read_mark
from events.backends.kafka.reading import Ledger
from events.errors import Closed, Corrupt, Fenced, LogError


class LedgerWriter:
    """The newest writer of a topic.

    It begins by claiming the topic: its claim's offset is its name, and its n-th record counts
    if it stands n behind the claim. So the order of the partition alone decides what counts: what
    a replaced writer had under way stands either before the new claim, where the new writer finds
    it, or behind it, where it counts for nobody.

    After any error it refuses all further work; only opening again says where the log ends.

    Raises:
        WrongSettings, NotAllowed, Unreachable: the topic cannot be written, or not as it must be.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger: Final = ledger
        self._pending: list[Entry] = []
        self._number = 0
        self._failure: LogError | None = None
        ledger.cluster.topics.require(ledger.topic)
        self._producer = ledger.cluster.producer(ledger.topic, ledger.client)
        try:
            self._producer.send(_who().encode(), claim_headers())
            (self._claim,) = self._producer.flush()
            with ledger.cluster.reading(ledger.topic, ledger.client) as consumer:
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
            Corrupt: something that is none of ours stands where an entry had to go.
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
        pending, self._pending = self._pending, []
        expected = self._claim + self._number
        for entry in pending:
            self._number += 1
            self._producer.send(entry.body, entry_headers(entry, self._claim, self._number))
        for offset in self._producer.flush():
            expected += 1
            if offset != expected:
                raise self._displaced(expected, offset)

    def _displaced(self, expected: int, offset: int) -> LogError:
        """Why a record is not where only this writer's records could have put it."""
        topic = self._ledger.topic
        if offset < expected:
            return Corrupt(
                f"kafka: {topic}: the broker put at {offset} what goes to {expected}: records "
                "were lost, or another topic has its name"
            )
        with self._ledger.cluster.reading(topic, self._ledger.client) as consumer:
            for record in consumer.read(expected, offset):
                mark = read_mark(record)
                if isinstance(mark, Claim):
                    return Fenced(f"kafka: {topic}:{mark.offset}: {mark.who} took over")
        return Corrupt(f"kafka: {topic}:{expected}: another program writes into this topic")


def _who() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"
