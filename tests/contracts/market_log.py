"""What every market log must do.

A backend enrols by subclassing the contract and giving its ``backend`` fixture. The other classes
are capabilities, which it declares by adding them to its bases.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.batches import BatchKind, MarketRecord
from events.errors import Closed, DiskFull, InUse, LogError, NotFound, Sealed
from events.market_log import MarketLog, MarketWriter
from schemas.envelope import Slice
from tests.support.batches import EURUSD, numbers_in, quotes
from tests.support.waiting import wait_until

SOURCE = "fxcm-eurusd"


@dataclass(frozen=True, kw_only=True)
class MarketBackend:
    """A backend under test.

    Attributes:
        log: an empty market log.
        crash: ends a source's writer as kill -9 would.
        fill_disk: lets the disk be full for this writer from now on.
    """

    log: MarketLog
    crash: Callable[[str, MarketWriter], None]
    fill_disk: Callable[[MarketWriter], None]


def append(writer: MarketWriter, *batch_rows: int) -> list[Slice]:
    """Append quotes that carry their numbers; the checkpoint is the number after them."""
    slices = []
    for rows in batch_rows:
        first = writer.next_seq
        slices.append(
            writer.append(
                BatchKind.QUOTES,
                EURUSD,
                quotes(first, rows),
                checkpoint=str(first + rows).encode(),
            )
        )
    return slices


def append_until_it_fails(writer: MarketWriter) -> None:
    """Append and flush some 800 kB at a time, for ever."""
    while True:
        append(writer, *[4_000] * 4)
        writer.flush()


def written(backend: MarketBackend, *batch_rows: int) -> MarketLog:
    """The backend's log after a writer appended these batches and closed."""
    with backend.log.open(SOURCE) as writer:
        append(writer, *batch_rows)
    return backend.log


class MarketLogContract:
    @pytest.fixture
    def backend(self) -> MarketBackend:
        raise NotImplementedError("a backend enrols by giving this fixture")

    def test_a_new_source_is_empty(self, backend: MarketBackend) -> None:
        with backend.log.open(SOURCE) as writer:
            assert (writer.next_seq, writer.checkpoint) == (0, b"")

        assert list(backend.log.sources()) == [SOURCE]
        assert backend.log.end(SOURCE) == 0
        assert not backend.log.sealed(SOURCE)
        assert list(backend.log.read(SOURCE)) == []

    def test_rows_are_numbered_without_gaps_over_batches_and_writers(
        self, backend: MarketBackend
    ) -> None:
        with backend.log.open(SOURCE) as writer:
            assert append(writer, 3, 1) == [Slice(SOURCE, 0, 2), Slice(SOURCE, 3, 3)]
        with backend.log.open(SOURCE) as writer:
            assert writer.next_seq == 4
            assert append(writer, 5) == [Slice(SOURCE, 4, 8)]

        records = list(backend.log.read(SOURCE))
        assert [(record.first, record.last) for record in records] == [(0, 2), (3, 3), (4, 8)]
        assert numbers_in(records) == list(range(9))
        assert backend.log.end(SOURCE) == 9

    def test_a_record_keeps_its_kind_terms_and_rows(self, backend: MarketBackend) -> None:
        log = written(backend, 7)
        (record,) = log.read(SOURCE)
        assert (record.source, record.kind, record.terms) == (SOURCE, BatchKind.QUOTES, EURUSD)
        assert record.batch.equals(quotes(0, 7))

    def test_readers_see_what_is_flushed_and_nothing_else(self, backend: MarketBackend) -> None:
        with backend.log.open(SOURCE) as writer:
            append(writer, 10, 10)
            assert backend.log.end(SOURCE) == 0
            assert list(backend.log.read(SOURCE)) == []
            writer.flush()
            append(writer, 10)
            assert backend.log.end(SOURCE) == 20
            assert numbers_in(list(backend.log.read(SOURCE))) == list(range(20))

    def test_large_batches_are_not_seen_before_the_flush_either(
        self, backend: MarketBackend
    ) -> None:
        with backend.log.open(SOURCE) as writer:
            append(writer, *[4_000] * 12)
            assert backend.log.end(SOURCE) == 0
        assert backend.log.end(SOURCE) == 48_000

    def test_a_checkpoint_is_durable_when_its_records_are(self, backend: MarketBackend) -> None:
        with backend.log.open(SOURCE) as writer:
            append(writer, 4)
            assert writer.checkpoint == b""
            writer.flush()
            append(writer, 2)
            assert writer.checkpoint == b"4"
        with backend.log.open(SOURCE) as writer:
            assert writer.checkpoint == b"6"

    def test_any_range_is_cut_to_just_its_rows(self, backend: MarketBackend) -> None:
        log = written(backend, 3, 1, 4)
        for start in range(10):
            for end in (*range(10), None):
                rows = numbers_in(list(log.read(SOURCE, start, end)))
                assert rows == list(range(8))[start : None if end is None else end + 1]

    def test_a_cut_record_says_its_own_numbers(self, backend: MarketBackend) -> None:
        records = list(written(backend, 3, 1, 4).read(SOURCE, 1, 5))
        assert [(record.first, record.last) for record in records] == [(1, 2), (3, 3), (4, 5)]

    def test_a_long_log_is_read_from_any_place(self, backend: MarketBackend) -> None:
        log = written(backend, *[7] * 300)
        for start in (0, 6, 7, 448, 1_000, 2_099):
            assert numbers_in(list(log.read(SOURCE, start))) == list(range(start, 2_100))

    def test_a_source_that_nobody_wrote_is_not_found(self, backend: MarketBackend) -> None:
        ask: list[Callable[[], object]] = [
            lambda: list(backend.log.read("nobody")),
            lambda: list(backend.log.follow("nobody", until=lambda: True)),
            lambda: list(backend.log.tail("nobody").unread()),
            lambda: backend.log.end("nobody"),
            lambda: backend.log.sealed("nobody"),
        ]
        for question in ask:
            with pytest.raises(NotFound, match="nobody"):
                question()
        assert list(backend.log.sources()) == []

    def test_sources_are_apart_and_listed_by_name(self, backend: MarketBackend) -> None:
        names = ["binance/btcusdt@trade", "lean:EUR/USD 2014", "..", ".hidden", "ünï", "100%"]
        for place, name in enumerate(names):
            with backend.log.open(name) as writer:
                append(writer, place + 1)
        assert list(backend.log.sources()) == sorted(names)
        assert [backend.log.end(name) for name in names] == [1, 2, 3, 4, 5, 6]

    def test_a_source_has_a_name(self, backend: MarketBackend) -> None:
        with pytest.raises(ValueError, match="name"):
            backend.log.open("")

    def test_a_refused_batch_takes_no_number(self, backend: MarketBackend) -> None:
        with backend.log.open(SOURCE) as writer:
            with pytest.raises(ValueError, match="at least one row"):
                append(writer, 0)
            with pytest.raises(ValueError, match="columns"):
                writer.append(BatchKind.TRADES, EURUSD, quotes(0, 1), checkpoint=b"wrong")
            append(writer, 2)
        assert numbers_in(list(backend.log.read(SOURCE))) == [0, 1]

    def test_nothing_follows_a_seal(self, backend: MarketBackend) -> None:
        with backend.log.open(SOURCE) as writer:
            append(writer, 2)
            writer.seal()
            assert backend.log.sealed(SOURCE)
            with pytest.raises(Sealed, match=SOURCE):
                append(writer, 1)
        with backend.log.open(SOURCE) as writer, pytest.raises(Sealed, match=SOURCE):
            append(writer, 1)
        with backend.log.open(SOURCE) as writer:
            writer.seal()
            assert writer.checkpoint == b"2"
        assert numbers_in(list(backend.log.read(SOURCE))) == [0, 1]

    def test_an_empty_source_can_be_sealed(self, backend: MarketBackend) -> None:
        with backend.log.open(SOURCE) as writer:
            writer.seal()
        assert list(backend.log.follow(SOURCE, until=lambda: False)) == []

    def test_a_closed_writer_takes_nothing(self, backend: MarketBackend) -> None:
        writer = backend.log.open(SOURCE)
        append(writer, 1)
        writer.close()
        writer.close()
        for attempt in (lambda: append(writer, 1), writer.flush, writer.seal):
            with pytest.raises(Closed):
                attempt()
        assert backend.log.end(SOURCE) == 1

    def test_a_tail_gives_what_is_durable_once(self, backend: MarketBackend) -> None:
        with backend.log.open(SOURCE) as writer:
            append(writer, 2, 3)
            writer.flush()
            with closing(backend.log.tail(SOURCE, 1)) as tail:
                assert numbers_in(list(tail.unread())) == [1, 2, 3, 4]
                append(writer, 4)
                assert list(tail.unread()) == []
                writer.flush()
                assert numbers_in(list(tail.unread())) == [5, 6, 7, 8]
                assert list(tail.unread()) == []

    def test_a_tail_that_does_not_ask_gets_the_same_in_time(self, backend: MarketBackend) -> None:
        taken: list[int] = []

        def has_taken(count: int) -> bool:
            taken.extend(numbers_in(list(tail.unread(asking=False))))
            return len(taken) >= count

        with backend.log.open(SOURCE) as writer, closing(backend.log.tail(SOURCE)) as tail:
            for end in (2, 4, 6):
                append(writer, 2)
                writer.flush()
                wait_until(partial(has_taken, end))
        assert taken == [0, 1, 2, 3, 4, 5]

    def test_a_tail_goes_on_behind_the_last_record_that_was_taken(
        self, backend: MarketBackend
    ) -> None:
        log = written(backend, 2, 3, 4)
        with closing(log.tail(SOURCE)) as tail:
            assert numbers_in([next(tail.unread())]) == [0, 1]
            assert numbers_in(list(tail.unread())) == [2, 3, 4, 5, 6, 7, 8]

    def test_a_tail_is_over_when_all_of_a_sealed_source_was_given(
        self, backend: MarketBackend
    ) -> None:
        with backend.log.open(SOURCE) as writer:
            append(writer, 2)
            writer.flush()
            with closing(backend.log.tail(SOURCE)) as tail:
                assert len(list(tail.unread())) == 1
                assert not tail.over
                append(writer, 3, 1)
                writer.seal()
                assert not tail.over
                next(tail.unread())
                assert not tail.over
                assert len(list(tail.unread())) == 1
                assert tail.over

    def test_following_gives_records_as_they_become_durable_and_ends_at_the_seal(
        self, backend: MarketBackend
    ) -> None:
        with backend.log.open(SOURCE) as writer:
            append(writer, 3)
            writer.flush()
            seen: list[MarketRecord] = []
            reader = follow_in_thread(backend.log, seen, 1, until=lambda: False)

            wait_until(lambda: numbers_in(seen) == [1, 2])
            append(writer, 2)
            reader.join(0.05)
            assert numbers_in(seen) == [1, 2], "what is not flushed must not be seen"
            writer.flush()
            wait_until(lambda: numbers_in(seen) == [1, 2, 3, 4])
            append(writer, 4)
            writer.seal()
            reader.join()
        assert numbers_in(seen) == list(range(1, 9))

    def test_following_ends_when_told_and_then_leaves_nothing_unread(
        self, backend: MarketBackend
    ) -> None:
        log = written(backend, 5, 5)
        assert numbers_in(list(log.follow(SOURCE, 3, until=lambda: True))) == list(range(3, 10))

    def test_after_a_crash_the_log_ends_at_a_record_and_its_checkpoint(
        self, backend: MarketBackend
    ) -> None:
        writer = backend.log.open(SOURCE)
        append(writer, 4, 3)
        writer.flush()
        append(writer, 2, 2)
        backend.crash(SOURCE, writer)

        with backend.log.open(SOURCE) as successor:
            end = successor.next_seq
            assert end in {7, 9, 11}
            assert successor.checkpoint == str(end).encode()
            append(successor, 5)
        assert numbers_in(list(backend.log.read(SOURCE))) == list(range(end + 5))
        with pytest.raises(LogError):
            append(writer, 1)

    def test_a_full_disk_costs_nothing_that_was_acknowledged(self, backend: MarketBackend) -> None:
        writer = backend.log.open(SOURCE)
        append(writer, 6)
        writer.flush()
        backend.fill_disk(writer)
        with pytest.raises(DiskFull):
            append_until_it_fails(writer)
        acknowledged = backend.log.end(SOURCE)
        for attempt in (lambda: append(writer, 1), writer.flush, writer.seal):
            with pytest.raises(DiskFull):
                attempt()
        writer.close()

        assert acknowledged >= 6
        with backend.log.open(SOURCE) as successor:
            assert successor.next_seq == acknowledged
            assert successor.checkpoint == str(acknowledged).encode()
            append(successor, 1)
        assert numbers_in(list(backend.log.read(SOURCE))) == list(range(acknowledged + 1))


type Act = int | Literal["flush", "crash", "close"]
"""What a writer does next; a number appends that many rows."""

LIVES = st.lists(st.integers(1, 4) | st.sampled_from(["flush", "crash", "close"]), max_size=30)


class LosesWhatIsNotFlushed:
    """Capability: nothing that was not flushed outlives a crash."""

    # The log is the same for all examples, and each has a source of its own.
    @settings(
        max_examples=40,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
        ],
    )
    @given(acts=LIVES)
    def test_whatever_a_writer_lives_through_readers_see_what_was_flushed(
        self, backend: MarketBackend, acts: list[Act]
    ) -> None:
        source = f"life {len(backend.log.sources())}"
        writer, durable = backend.log.open(source), 0
        for act in acts:
            match act:
                case int(rows):
                    append(writer, rows)
                case "flush":
                    writer.flush()
                    durable = writer.next_seq
                case "crash":
                    backend.crash(source, writer)
                    writer = backend.log.open(source)
                case "close":
                    durable = writer.next_seq
                    writer.close()
                    writer = backend.log.open(source)
            assert backend.log.end(source) == durable
            assert writer.checkpoint == (str(durable).encode() if durable else b"")
        writer.close()
        numbers = numbers_in(list(backend.log.read(source)))
        assert numbers == list(range(writer.next_seq))

    def test_a_crash_takes_what_was_not_flushed(self, backend: MarketBackend) -> None:
        writer = backend.log.open(SOURCE)
        append(writer, 4)
        writer.flush()
        append(writer, *[4_000] * 12)
        backend.crash(SOURCE, writer)
        assert backend.log.end(SOURCE) == 4


class LocksOutASecondWriter:
    """Capability: a source is locked while it is written."""

    def test_a_source_has_one_writer(self, backend: MarketBackend) -> None:
        with backend.log.open(SOURCE) as writer:
            with pytest.raises(InUse, match=r"in use by"):
                backend.log.open(SOURCE)
            append(writer, 1)
            with backend.log.open("another source") as other:
                append(other, 1)
        backend.log.open(SOURCE).close()
        assert backend.log.end(SOURCE) == 1


def follow_in_thread(
    log: MarketLog, seen: list[MarketRecord], from_seq: int, *, until: Callable[[], bool]
) -> Thread:
    """A thread that collects what following gives."""
    thread = Thread(
        target=lambda: seen.extend(log.follow(SOURCE, from_seq, until=until)), daemon=True
    )
    thread.start()
    return thread
