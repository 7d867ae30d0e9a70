"""Real processes that write: read from while they do, and killed several times in a row."""

from itertools import islice
from pathlib import Path

from events.backends.sqlite.journal import SqliteJournal
from events.chain import verify_chain
from events.codecs.json import decode_step
from events.following import follow_journal
from tests.contracts.kill import kill_while_writing, writing
from tests.contracts.market_log import SOURCE
from tests.events.backends.sqlite import places
from tests.support.batches import numbers_in
from tests.support.steps import append_steps

PLACES = "tests.events.backends.sqlite.places"
SEEDS = range(4)


def test_a_killed_market_writer_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    log = places.market_log(str(tmp_path))
    for seed in SEEDS:
        acknowledged = kill_while_writing("market_log", f"{PLACES}:market_log", tmp_path, seed)

        end = log.end(SOURCE)
        assert end >= acknowledged > 0
        assert numbers_in(list(log.read(SOURCE))) == list(range(end))
        with log.open(SOURCE) as successor:
            assert successor.next_seq == end
            assert successor.checkpoint == str(end).encode()


def test_a_killed_journal_writer_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    journal = places.journal(str(tmp_path))
    for seed in SEEDS:
        acknowledged = kill_while_writing("journal", f"{PLACES}:journal", tmp_path, seed)

        assert journal.end() >= acknowledged > 0
        assert_every_step_is_whole(journal)
        with journal.open() as successor:
            assert successor.head.next_seq == journal.end()
            assert successor.head.epoch == 1 + 2 * seed
            append_steps(successor, 1, epoch=2 + 2 * seed)


def test_another_process_follows_a_market_log_while_it_is_written(tmp_path: Path) -> None:
    log = places.market_log(str(tmp_path))
    with writing("market_log", f"{PLACES}:market_log", tmp_path, seed=7) as acknowledged:
        acknowledged.readline()
        seen = list(islice(log.follow(SOURCE, 5, until=lambda: False), 100))
    assert numbers_in(seen) == list(range(5, seen[-1].last + 1))


def test_another_process_follows_a_journal_while_it_is_written(tmp_path: Path) -> None:
    journal = places.journal(str(tmp_path))
    with writing("journal", f"{PLACES}:journal", tmp_path, seed=7):
        seen = list(islice(follow_journal(journal, 5, until=lambda: False), 2_000))
    assert [decode_step(record.body).seq for record in seen] == list(range(5, 2_005))


def assert_every_step_is_whole(journal: SqliteJournal) -> None:
    records = list(journal.records())
    assert verify_chain(records) is None
    for number, record in enumerate(records):
        step = decode_step(record.body)
        assert (step.seq, step.input.payload.KIND) == (number, "market.bar")
        assert len(step.outputs) == 1
