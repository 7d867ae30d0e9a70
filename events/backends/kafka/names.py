"""What the topics are called, so that any name of ours fits and no two meet."""

import re
from typing import Final
from urllib.parse import unquote

from events.backends.kafka.config import KafkaConfig

_TOPIC_BYTES_MAX: Final = 249
_PLAIN: Final = re.compile(r"[A-Za-z0-9-]")


def market_topic(config: KafkaConfig, source: str) -> str:
    """The topic of a source; raises ``ValueError`` if its name is empty or too long."""
    return _topic(config, "market", source)


def journal_topic(config: KafkaConfig, cell: str, run: str) -> str:
    """The topic of a cell's journal: of one of its runs, or without ``run`` of its life."""
    return _topic(config, "cell", cell, *([run] if run else []))


def ingress_topic(config: KafkaConfig, cell: str) -> str:
    """The topic of the queue into a cell."""
    return _topic(config, "ingress", cell)


def source_of(config: KafkaConfig, topic: str) -> str | None:
    """The source whose topic this is; ``None`` for any other topic."""
    beginning = f"{config.prefix}.market."
    if not topic.startswith(beginning):
        return None
    return unquote(topic.removeprefix(beginning).replace("_", "%"))


def _topic(config: KafkaConfig, kind: str, *names: str) -> str:
    topic = ".".join((config.prefix, kind, *map(_escaped, names)))
    if not all(names) or len(topic) > _TOPIC_BYTES_MAX:
        raise ValueError(
            f"a name has at least one byte, and a topic at most {_TOPIC_BYTES_MAX}: {topic!r}"
        )
    return topic


def _escaped(name: str) -> str:
    """Bytes other than letters, digits and hyphens as ``_XX``.

    Dots are among them: Kafka refuses two topics that differ in dots and underscores only.
    """
    return "".join(
        char if _PLAIN.fullmatch(char) else "".join(f"_{byte:02X}" for byte in char.encode())
        for char in name
    )
