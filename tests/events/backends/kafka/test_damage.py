"""Topics that are not what was written: every fault is named with its place, none passed over."""

from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.config import Foreign, KafkaConfig
from events.backends.kafka.ingress import KafkaIngress
from events.backends.kafka.market_log import KafkaMarketLog
from events.backends.kafka.marks import Entry, Kind, entry_headers
from events.backends.kafka.names import ingress_topic, market_topic
from events.backends.kafka.quarantine import quarantined
from events.codecs.json import encode_event
from events.errors import Corrupt, LogError, NotFound, WrongSettings
from events.following import follow_journal
from schemas.envelope import GENESIS
from schemas.errors import UserError
from tests.contracts.ingress import GATEWAY, everything, post
from tests.contracts.market_log import SOURCE, append
from tests.events.backends.kafka import places, topic
from tests.support.batches import numbers_in
from tests.support.steps import append_steps, bar, event


@pytest.fixture
def journal_topic(kafka_config: KafkaConfig) -> str:
    return places.JOURNAL.format(kafka_config.prefix)


@pytest.fixture
def quarantining(kafka_config: KafkaConfig, tmp_path: Path) -> KafkaConfig:
    return msgspec.structs.replace(
        kafka_config, foreign=Foreign.QUARANTINE, quarantine_file=str(tmp_path / "aside.jsonl")
    )


def written(cluster: Cluster, *flushes: int) -> None:
    with places.journal_in(cluster).open() as writer:
        for steps in flushes:
            append_steps(writer, steps)
            writer.flush()


def test_a_foreign_record_halts_the_reader_and_is_named(
    cluster: Cluster, kafka_config: KafkaConfig, journal_topic: str
) -> None:
    written(cluster, 2)
    place = topic.write(kafka_config, journal_topic, b"hello")
    journal = places.journal_in(cluster)
    for attempt in (lambda: list(journal.records()), journal.end, journal.open):
        with pytest.raises(Corrupt, match=rf"{journal_topic}:{place}: its headers are none"):
            attempt()


def test_a_foreign_record_is_set_aside_once_with_its_position_and_content(
    quarantining: KafkaConfig, journal_topic: str
) -> None:
    with closing(Cluster(quarantining)) as cluster:
        written(cluster, 2)
        place = topic.write(quarantining, journal_topic, b"hello", headers=[("a", b"b")])
        written(cluster, 3)
        journal = places.journal_in(cluster)
        for _ in range(2):
            assert [record.seq for record in journal.records()] == list(range(5))
    (aside,) = quarantined(Path(quarantining.quarantine_file))
    assert (aside.topic, aside.offset) == (journal_topic, place)
    assert (aside.value, aside.headers) == ("aGVsbG8=", {"a": "Yg=="})


def test_a_stranger_who_writes_between_is_stepped_over_or_halts_the_writer(
    quarantining: KafkaConfig, kafka_config: KafkaConfig, journal_topic: str
) -> None:
    with closing(Cluster(quarantining)) as cluster:
        journal = places.journal_in(cluster)
        with journal.open() as writer:
            for _ in range(3):
                append_steps(writer, 2)
                topic.write(quarantining, journal_topic, b"hello")
                writer.flush()
        assert [record.seq for record in journal.records()] == list(range(6))
        places_aside = [each.offset for each in quarantined(Path(quarantining.quarantine_file))]
        assert len(places_aside) == 3

    complaint = f"{journal_topic}:{places_aside[0]}: its headers are none of ours"
    with closing(Cluster(kafka_config)) as halting, pytest.raises(Corrupt, match=complaint):
        list(places.journal_in(halting).records())


def test_a_stranger_ends_the_writer_under_the_policy_to_halt_and_costs_nothing_acknowledged(
    cluster: Cluster, quarantining: KafkaConfig, journal_topic: str
) -> None:
    writer = places.journal_in(cluster).open()
    append_steps(writer, 2)
    writer.flush()
    topic.write(quarantining, journal_topic, b"hello")
    append_steps(writer, 2)
    with pytest.raises(Corrupt, match=f"{journal_topic}:2: its headers are none of ours"):
        writer.flush()
    with closing(Cluster(quarantining)) as other:
        assert places.journal_in(other).end() == 2


@pytest.mark.parametrize(
    ("first", "previous", "body", "complaint"),
    [
        (2, None, b"{}", "its steps are not what was written"),
        (4, None, b"{}", "number 4 follows, 2 is missing"),
        (2, GENESIS, b"{}", f"number 2 follows {GENESIS}"),
    ],
)
def test_an_entry_that_does_not_fit_is_corrupt_under_every_policy(
    quarantining: KafkaConfig,
    journal_topic: str,
    first: int,
    previous: str | None,
    body: bytes,
    complaint: str,
) -> None:
    with closing(Cluster(quarantining)) as cluster:
        journal = places.journal_in(cluster)
        writer = journal.open()
        append_steps(writer, 2)
        writer.flush()
        forged = Entry(
            offset=2,
            kind=Kind.STEPS,
            first=first,
            count=1,
            id="f" * 32,
            previous=previous or writer.head.prev_hash,
            checkpoint=b"",
            body=body,
        )
        place = topic.write(quarantining, journal_topic, body, headers=entry_headers(forged, 0))
        with pytest.raises(Corrupt, match=rf"{journal_topic}:{place}: .*{complaint}"):
            list(journal.records())


def test_a_topic_that_lost_its_beginning_is_corrupt(
    cluster: Cluster, kafka_config: KafkaConfig, journal_topic: str
) -> None:
    written(cluster, 2, 2, 2)
    topic.truncate(kafka_config, journal_topic, before=2)
    journal = places.journal_in(cluster)
    for start in (0, 4):
        with pytest.raises(Corrupt, match=rf"{journal_topic}: its first record is 2"):
            list(journal.records(start))


def test_a_topic_that_was_made_anew_is_not_mistaken_for_the_old_one(
    cluster: Cluster, kafka_config: KafkaConfig, journal_topic: str
) -> None:
    journal = places.journal_in(cluster)
    writer = journal.open()
    append_steps(writer, 3)
    writer.flush()
    following = follow_journal(journal, until=lambda: False)
    assert [next(following).seq for _ in range(3)] == [0, 1, 2]

    topic.delete(kafka_config, journal_topic)
    with closing(Cluster(kafka_config)) as other:
        written(other, 1, 1)
    append_steps(writer, 1)
    with pytest.raises(LogError, match=journal_topic):
        writer.flush()
    with pytest.raises(LogError, match=journal_topic):
        next(following)


def test_rows_that_were_changed_are_corrupt(cluster: Cluster, kafka_config: KafkaConfig) -> None:
    log, name = KafkaMarketLog(cluster), market_topic(kafka_config, SOURCE)
    with log.open(SOURCE) as writer:
        append(writer, 3)
    (_, stored) = topic.records(kafka_config, name)
    changed = stored.value[:-20] + bytes([stored.value[-20] ^ 1]) + stored.value[-19:]
    headers = {**stored.headers, "at": b"2", "first": b"3", "previous": stored.headers["id"]}
    topic.write(kafka_config, name, changed, headers=list(headers.items()))
    with pytest.raises(Corrupt, match=f"{SOURCE}:3: its rows are not what was written"):
        list(log.read(SOURCE))
    assert numbers_in(list(log.read(SOURCE, 0, 2))) == [0, 1, 2]


@pytest.mark.parametrize(
    ("settings", "partitions", "complaint"),
    [
        ({"retention_ms": "604800000"}, 1, "its retention.ms is 604800000, and must be -1"),
        ({"retention_bytes": "1000000"}, 1, "its retention.bytes is 1000000, and must be -1"),
        ({"cleanup_policy": "compact"}, 1, "its cleanup.policy is compact"),
        ({"message_timestamp_type": "CreateTime"}, 1, "its message.timestamp.type is CreateTime"),
        ({"unclean_leader_election_enable": "true"}, 1, "its unclean.leader.election.enable is"),
        ({"max_message_bytes": "1000"}, 1, "its max.message.bytes is 1000"),
        ({}, 2, "its partitions is 2, and must be 1"),
    ],
)
def test_a_topic_that_could_lose_what_is_written_is_refused(
    cluster: Cluster,
    kafka_config: KafkaConfig,
    journal_topic: str,
    settings: dict[str, str],
    partitions: int,
    complaint: str,
) -> None:
    topic.create(kafka_config, journal_topic, partitions=partitions, **settings)
    journal = places.journal_in(cluster)
    for attempt in (journal.open, journal.end, lambda: list(journal.records())):
        with pytest.raises(WrongSettings, match=complaint) as refused:
            attempt()
        assert isinstance(refused.value, UserError)


def test_fewer_copies_than_the_configuration_asks_for_are_refused(
    cluster: Cluster, kafka_config: KafkaConfig
) -> None:
    written(cluster, 1)
    stricter = msgspec.structs.replace(kafka_config, replication=3, min_insync=2)
    complaint = r"its min\.insync\.replicas is 1, and must be 2 or more"
    with closing(Cluster(stricter)) as strict, pytest.raises(WrongSettings, match=complaint):
        places.journal_in(strict).open()


def test_a_missing_topic_is_made_only_where_that_is_allowed(kafka_config: KafkaConfig) -> None:
    careful = msgspec.structs.replace(kafka_config, create_topics=False)
    with closing(Cluster(careful)) as cluster, pytest.raises(NotFound, match="create_topics"):
        places.journal_in(cluster).open()


def from_the_future() -> bytes:
    raw = encode_event(event(7, bar(7), author=GATEWAY))
    return raw.replace(b'"market.bar"', b'"market.oracle"')


POST = [("wakeline", b"post"), ("writer", GATEWAY.encode()), ("number", b"1"), ("slices", b"[]")]


@pytest.mark.parametrize(
    ("value", "reason"),
    [(from_the_future(), r"market\.oracle"), (b"\x00", "not an event")],
    ids=["a kind from the future", "no event at all"],
)
def test_a_post_that_cannot_be_read_halts_the_cell_or_is_set_aside(
    kafka_config: KafkaConfig, quarantining: KafkaConfig, value: bytes, reason: str
) -> None:
    name = ingress_topic(kafka_config, "fxcm")
    with (
        closing(Cluster(kafka_config)) as cluster,
        closing(KafkaIngress(cluster, name)) as ingress,
    ):
        post(ingress, GATEWAY, 0)
        place = topic.write(kafka_config, name, value, headers=POST)
        assert ingress.next_number(GATEWAY) == 2, "the number is taken all the same"
        with pytest.raises(Corrupt, match=rf"{name}:{place}: .*{reason}"):
            ingress.poll(0, 10)
    with closing(Cluster(quarantining)) as cluster:
        assert everything(KafkaIngress(cluster, name)) == [(GATEWAY, 0)]
    (aside,) = quarantined(Path(quarantining.quarantine_file))
    assert (aside.topic, aside.offset) == (name, place)


def test_two_processes_that_post_as_one_writer_get_a_number_in_twice_at_most(
    kafka_config: KafkaConfig,
) -> None:
    name = ingress_topic(kafka_config, "fxcm")
    with closing(Cluster(kafka_config)) as cluster:
        one, other = KafkaIngress(cluster, name), KafkaIngress(cluster, name)
        post(one, GATEWAY, 0)
        post(other, GATEWAY, 0, 1)
        post(one, GATEWAY, 1)
        post(one, GATEWAY, 2)
        numbers = [number for _, number in everything(one)]
        assert sorted(set(numbers)) == [0, 1, 2]
        assert numbers.count(0) == 1, "what was there before is seen"
        assert (one.next_number(GATEWAY), other.next_number(GATEWAY)) == (3, 3)
        one.close()
        other.close()
