"""How far a reader is behind: by numbers, for whoever shows the state of a system.

Readers commit no offsets: each keeps the number that it has read to where its own state is.
"""

from dataclasses import dataclass

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.reading import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """One reader of one topic.

    Attributes:
        end: number of rows or steps in the log, or the offset after an ingress' last post.
        read: how many of them the reader has.
    """

    topic: str
    end: int
    read: int

    @property
    def behind(self) -> int:
        """What is durable and was not read."""
        return max(0, self.end - self.read)


def log_lag(cluster: Cluster, topic: str, read: int) -> Lag:
    """The lag of a reader of a market log (in rows) or a journal (in steps).

    Raises:
        NotFound: there is no such topic.
    """
    last = Ledger(cluster, topic).last()
    return Lag(topic=topic, end=last.end if last is not None else 0, read=read)


def ingress_lag(cluster: Cluster, topic: str, position: int) -> Lag:
    """The lag of a cell whose next poll begins at ``position``, in posts.

    Raises:
        NotFound: there is no such topic.
    """
    with cluster.reading(topic) as consumer:
        return Lag(topic=topic, end=consumer.bounds()[1], read=position)
