"""What can happen to a writer on Kafka, done to it."""

from collections.abc import Sequence
from typing import Final

from events.backends.kafka.clients.port import Headers, Producer
from events.backends.kafka.journal import KafkaJournalWriter
from events.backends.kafka.market_writer import KafkaMarketWriter
from events.errors import DiskFull


def crash(writer: object) -> None:
    """Drop what is not flushed and the connection, as the operating system does after kill -9."""
    assert isinstance(writer, KafkaMarketWriter | KafkaJournalWriter)
    writer._entries.close()


def fill_disk(writer: object) -> None:
    """Let the broker take half a megabyte more from this writer, and then have no room."""
    assert isinstance(writer, KafkaMarketWriter | KafkaJournalWriter)
    writer._entries._producer = _NoRoom(writer._entries._producer, 1 << 19)


class _NoRoom:
    """Answers as a broker does whose disk is full; what it refused is not in the topic."""

    def __init__(self, producer: Producer, room: int) -> None:
        self._producer: Final = producer
        self._room = room
        self._waiting: list[tuple[bytes, Headers]] = []

    def send(self, value: bytes, headers: Headers) -> None:
        self._waiting.append((value, headers))

    def flush(self) -> Sequence[int]:
        self._room -= sum(len(value) for value, _ in self._waiting)
        if self._room < 0:
            raise DiskFull("kafka: the broker cannot write to its disk, as planned")
        for value, headers in self._waiting:
            self._producer.send(value, headers)
        self._waiting.clear()
        return self._producer.flush()

    def close(self) -> None:
        self._producer.close()
