"""A connection that nobody reads from is kept, and fetches nothing."""

from collections.abc import Iterator
from contextlib import closing

from events.backends.kafka.clients.port import Consumer, Record
from events.backends.kafka.cluster import Cluster
from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.idle import IdleConsumers
from tests.events.backends.kafka import places
from tests.support.steps import append_steps
from tests.support.waiting import wait_until


class Watched:
    """Notes what is done to it. It implements ``Consumer``."""

    def __init__(self) -> None:
        self.rests = 0
        self.closed = False

    def bounds(self) -> tuple[int, int]:
        return 0, 0

    def read(self, start: int, end: int) -> Iterator[Record]:
        return iter(())

    def arrived(self, start: int) -> Iterator[Record]:
        return iter(())

    def rest(self) -> None:
        self.rests += 1

    def close(self) -> None:
        self.closed = True


LOOKED_UP = ("topic", False)
FOLLOWED = ("topic", True)


def test_who_is_used_again_soon_is_left_alone_and_the_others_rest_once() -> None:
    now = 0.0
    idle = IdleConsumers(lambda: now)
    used, unused = Watched(), Watched()
    idle.keep(FOLLOWED, used)
    idle.keep(LOOKED_UP, unused)
    for _ in range(50):
        now += 0.1
        assert idle.take(FOLLOWED) is used
        idle.keep(FOLLOWED, used)
    assert (used.rests, unused.rests) == (0, 1)
    assert idle.take(LOOKED_UP) is unused


def test_more_than_enough_are_disconnected_and_the_rest_at_the_end() -> None:
    idle = IdleConsumers()
    everyone = [Watched() for _ in range(3)]
    for each in everyone:
        idle.keep(FOLLOWED, each)
    assert [each.closed for each in everyone] == [False, False, True]
    idle.close()
    assert all(each.closed for each in everyone)
    assert idle.take(FOLLOWED) is None


def test_who_rested_reads_on_and_hears_what_comes(
    cluster: Cluster, kafka_config: KafkaConfig
) -> None:
    topic = places.JOURNAL.format(kafka_config.prefix)
    with (
        places.journal_in(cluster).open() as writer,
        closing(Cluster(kafka_config)) as other,
        other.reading(topic) as consumer,
    ):
        append_steps(writer, 5)
        writer.flush()
        end = consumer.bounds()[1]
        everything = offsets(consumer, 0, end)
        assert everything[-1] == end - 1
        consumer.rest()
        assert list(consumer.arrived(end)) == []
        consumer.rest()
        assert offsets(consumer, 1, end) == everything[1:]
        append_steps(writer, 2)
        writer.flush()
        heard: list[Record] = []

        def comes() -> bool:
            heard.extend(consumer.arrived(end))
            return bool(heard)

        wait_until(comes)
        assert heard[0].offset == end


def offsets(consumer: Consumer, start: int, end: int) -> list[int]:
    return [record.offset for record in consumer.read(start, end)]
