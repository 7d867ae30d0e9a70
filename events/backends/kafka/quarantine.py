"""Records that are none of ours: the reader halts, or sets them aside with their position."""

import base64
from pathlib import Path
from threading import Lock
from typing import Final

import msgspec

from events.backends.kafka.clients.port import Record
from events.backends.kafka.config import Foreign, KafkaConfig
from events.errors import Corrupt


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """A record that was set aside; ``headers`` and ``value`` are base64."""

    topic: str
    offset: int
    reason: str
    headers: dict[str, str] = {}
    value: str = ""


class Quarantine:
    """Deals with what a reader cannot read, as the configuration says; each record once."""

    def __init__(self, config: KafkaConfig) -> None:
        self._halts: Final = config.foreign is Foreign.HALT
        self._path: Final = Path(config.quarantine_file)
        self._lock: Final = Lock()
        self._known: set[tuple[str, int]] | None = None

    def take(self, topic: str, record: Record, reason: str) -> None:
        """Set a record aside.

        Raises:
            Corrupt: the policy is to halt.
        """
        if self._halts:
            raise Corrupt(f"kafka: {topic}:{record.offset}: {reason}")
        with self._lock:
            if self._known is None:
                self._known = {(each.topic, each.offset) for each in quarantined(self._path)}
            if (topic, record.offset) in self._known:
                return
            self._known.add((topic, record.offset))
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(msgspec.json.encode(_aside(topic, record, reason)) + b"\n")


def quarantined(path: Path) -> list[Quarantined]:
    """Everything that was set aside in a file, oldest first."""
    if not path.is_file():
        return []
    return msgspec.json.Decoder(Quarantined).decode_lines(path.read_bytes())


def _aside(topic: str, record: Record, reason: str) -> Quarantined:
    return Quarantined(
        topic=topic,
        offset=record.offset,
        reason=reason,
        headers={name: base64.b64encode(value).decode() for name, value in record.headers.items()},
        value=base64.b64encode(record.value).decode(),
    )
