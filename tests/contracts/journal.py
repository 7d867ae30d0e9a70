"""What every journal must do.

A backend enrols by subclassing the contract and giving its ``backend`` fixture. The other classes
are capabilities, which it declares by adding them to its bases.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from threading import Thread

import msgspec
import pytest

from events.chain import verify_chain
from events.codecs.json import decode_step, digest
from events.errors import Closed, DiskFull, InUse, LogError
from events.following import follow_journal
from events.journal import Head, Journal, JournalRecord, JournalWriter
from schemas.envelope import GENESIS
from schemas.health import HealthReported
from tests.support.steps import append_steps, event, step_at
from tests.support.waiting import wait_until


@dataclass(frozen=True, kw_only=True)
class JournalBackend:
    """A backend under test.

    Attributes:
        journal: an empty journal.
        crash: ends the writer as kill -9 would.
        fill_disk: lets the disk be full for this writer from now on.
    """

    journal: Journal
    crash: Callable[[JournalWriter], None]
    fill_disk: Callable[[JournalWriter], None]


def numbers(journal: Journal, from_seq: int = 0) -> list[int]:
    """Numbers of the steps that a reader sees."""
    return [decode_step(record.body).seq for record in journal.records(from_seq)]


def append_until_it_fails(writer: JournalWriter) -> None:
    """Append and flush some 100 kB at a time, for ever."""
    while True:
        append_steps(writer, 100)
        writer.flush()


class JournalContract:
    @pytest.fixture
    def backend(self) -> JournalBackend:
        raise NotImplementedError("a backend enrols by giving this fixture")

    def test_a_journal_that_nobody_wrote_is_empty(self, backend: JournalBackend) -> None:
        assert backend.journal.end() == 0
        assert list(backend.journal.records()) == []
        assert list(follow_journal(backend.journal, until=lambda: True)) == []

    def test_a_new_journal_begins_at_the_genesis(self, backend: JournalBackend) -> None:
        with backend.journal.open() as writer:
            assert writer.head == Head(next_seq=0, prev_hash=GENESIS, epoch=0)
            assert writer.durable_seq == -1
            assert writer.flush() == -1
        assert backend.journal.end() == 0

    def test_a_step_comes_back_whole_and_its_digest_is_that_of_its_bytes(
        self, backend: JournalBackend
    ) -> None:
        with backend.journal.open() as writer:
            step = step_at(writer.head)
            link = writer.append(step)
            assert writer.head == Head(next_seq=1, prev_hash=link, epoch=1)

        (record,) = backend.journal.records()
        assert record.seq == 0
        assert decode_step(record.body) == step
        assert digest(record.body) == link

    def test_readers_see_what_is_flushed_and_nothing_else(self, backend: JournalBackend) -> None:
        with backend.journal.open() as writer:
            append_steps(writer, 3)
            assert (writer.durable_seq, backend.journal.end()) == (-1, 0)
            assert numbers(backend.journal) == []
            assert writer.flush() == 2
            append_steps(writer, 2)
            assert (writer.durable_seq, backend.journal.end()) == (2, 3)
            assert numbers(backend.journal) == [0, 1, 2]
            assert writer.head.next_seq == 5

    def test_many_steps_are_not_seen_before_the_flush_either(self, backend: JournalBackend) -> None:
        with backend.journal.open() as writer:
            append_steps(writer, 3_000)
            assert backend.journal.end() == 0
        assert backend.journal.end() == 3_000

    def test_another_writer_goes_on_where_the_last_one_ended(self, backend: JournalBackend) -> None:
        with backend.journal.open() as writer:
            append_steps(writer, 3, epoch=4)
            head = writer.head
        with backend.journal.open() as writer:
            assert writer.head == head
            assert (writer.head.epoch, writer.durable_seq) == (4, 2)
            append_steps(writer, 2, epoch=5)

        assert numbers(backend.journal) == [0, 1, 2, 3, 4]
        assert verify_chain(backend.journal.records()) is None

    def test_reads_from_any_step_of_a_long_journal(self, backend: JournalBackend) -> None:
        with backend.journal.open() as writer:
            append_steps(writer, 2_500)
        for start in (0, 1, 1_023, 1_024, 2_499, 2_500, 9_999):
            assert numbers(backend.journal, start) == list(range(start, 2_500))

    @pytest.mark.parametrize("seq", [0, 1, 3])
    def test_refuses_a_step_that_is_not_the_next(self, backend: JournalBackend, seq: int) -> None:
        with backend.journal.open() as writer:
            append_steps(writer, 2)
            misplaced = msgspec.structs.replace(step_at(writer.head), seq=seq)
            with pytest.raises(ValueError, match=f"step {seq} was appended where 2 goes"):
                writer.append(misplaced)
            append_steps(writer, 1)
        assert numbers(backend.journal) == [0, 1, 2]

    def test_refuses_a_step_that_follows_another_history(self, backend: JournalBackend) -> None:
        with backend.journal.open() as writer:
            append_steps(writer, 2)
            foreign = msgspec.structs.replace(step_at(writer.head), prev_hash=GENESIS)
            with pytest.raises(ValueError, match=f"step 2 follows {GENESIS}"):
                writer.append(foreign)
            append_steps(writer, 1)
        assert verify_chain(backend.journal.records()) is None

    def test_refuses_a_step_that_could_not_be_read_back(self, backend: JournalBackend) -> None:
        report = HealthReported(component="x", healthy=True, measurements={"lag": float("nan")})
        with backend.journal.open() as writer:
            bad = msgspec.structs.replace(step_at(writer.head), outputs=(event(0, report),))
            with pytest.raises(ValueError, match="nan, which JSON cannot hold"):
                writer.append(bad)
            append_steps(writer, 1)
        assert numbers(backend.journal) == [0]

    def test_a_closed_writer_takes_nothing(self, backend: JournalBackend) -> None:
        writer = backend.journal.open()
        append_steps(writer, 1)
        writer.close()
        writer.close()
        with pytest.raises(Closed):
            append_steps(writer, 1)
        with pytest.raises(Closed):
            writer.flush()
        assert backend.journal.end() == 1

    def test_a_tail_gives_what_is_durable_once(self, backend: JournalBackend) -> None:
        with closing(backend.journal.tail(1)) as tail:
            assert list(tail.unread()) == []
            with backend.journal.open() as writer:
                append_steps(writer, 3)
                assert list(tail.unread()) == []
                writer.flush()
                assert [record.seq for record in tail.unread()] == [1, 2]
                append_steps(writer, 2)
            assert [record.seq for record in tail.unread()] == [3, 4]
            assert list(tail.unread()) == []

    def test_a_tail_that_does_not_ask_gets_the_same_in_time(self, backend: JournalBackend) -> None:
        taken: list[int] = []

        def has_taken(count: int) -> bool:
            taken.extend(record.seq for record in tail.unread(asking=False))
            return len(taken) >= count

        with closing(backend.journal.tail()) as tail, backend.journal.open() as writer:
            for count in (2, 4, 6):
                append_steps(writer, 2)
                writer.flush()
                wait_until(partial(has_taken, count))
        assert taken == [0, 1, 2, 3, 4, 5]

    def test_a_tail_goes_on_behind_the_last_step_that_was_taken(
        self, backend: JournalBackend
    ) -> None:
        with backend.journal.open() as writer:
            append_steps(writer, 5)
        with closing(backend.journal.tail()) as tail:
            assert next(tail.unread()).seq == 0
            assert [record.seq for record in tail.unread()] == [1, 2, 3, 4]

    def test_following_gives_steps_as_they_become_durable(self, backend: JournalBackend) -> None:
        seen: list[JournalRecord] = []
        stopped = False

        def collect() -> None:
            seen.extend(follow_journal(backend.journal, 1, until=lambda: stopped))

        def seen_numbers() -> list[int]:
            return [record.seq for record in seen]

        reader = Thread(target=collect, daemon=True)
        reader.start()
        with backend.journal.open() as writer:
            append_steps(writer, 3)
            reader.join(0.05)
            assert seen_numbers() == [], "what is not flushed must not be seen"
            writer.flush()
            wait_until(lambda: seen_numbers() == [1, 2])
            append_steps(writer, 2)
        stopped = True
        reader.join()
        assert seen_numbers() == [1, 2, 3, 4]

    def test_after_a_crash_the_journal_ends_at_a_whole_step(self, backend: JournalBackend) -> None:
        writer = backend.journal.open()
        append_steps(writer, 4)
        writer.flush()
        append_steps(writer, 3)
        backend.crash(writer)

        with backend.journal.open() as successor:
            end = successor.head.next_seq
            assert 4 <= end <= 7
            append_steps(successor, 2, epoch=2)
        assert numbers(backend.journal) == list(range(end + 2))
        assert verify_chain(backend.journal.records()) is None
        with pytest.raises(LogError):
            append_steps(writer, 1)

    def test_a_full_disk_costs_nothing_that_was_acknowledged(self, backend: JournalBackend) -> None:
        writer = backend.journal.open()
        append_steps(writer, 6)
        writer.flush()
        backend.fill_disk(writer)
        with pytest.raises(DiskFull):
            append_until_it_fails(writer)
        acknowledged = writer.durable_seq
        with pytest.raises(DiskFull):
            append_steps(writer, 1)
        with pytest.raises(DiskFull):
            writer.flush()
        writer.close()

        assert acknowledged >= 5
        with backend.journal.open() as successor:
            assert successor.head.next_seq == acknowledged + 1
            append_steps(successor, 1)
        assert verify_chain(backend.journal.records()) is None
        assert backend.journal.end() == acknowledged + 2


class LosesWhatIsNotFlushed:
    """Capability: nothing that was not flushed outlives a crash."""

    def test_a_crash_takes_what_was_not_flushed(self, backend: JournalBackend) -> None:
        writer = backend.journal.open()
        append_steps(writer, 4)
        writer.flush()
        append_steps(writer, 3_000)
        backend.crash(writer)
        assert numbers(backend.journal) == [0, 1, 2, 3]


class LocksOutASecondWriter:
    """Capability: a journal is locked while it is written."""

    def test_a_journal_has_one_writer(self, backend: JournalBackend) -> None:
        with backend.journal.open() as writer:
            with pytest.raises(InUse, match="in use by"):
                backend.journal.open()
            append_steps(writer, 1)
        backend.journal.open().close()
        assert backend.journal.end() == 1
