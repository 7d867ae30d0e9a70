import msgspec
import pytest

from events.backends.memory.journal import MemoryJournal
from events.chain import NEW, head_after, successor, verify_chain
from events.codecs.json import digest, encode_step
from events.errors import Corrupt
from events.journal import Head, JournalRecord
from schemas.envelope import GENESIS
from tests.support.steps import append_steps, step_at


@pytest.fixture
def records() -> list[JournalRecord]:
    """Four good steps."""
    journal = MemoryJournal()
    with journal.open() as writer:
        append_steps(writer, 4, epoch=3)
    return list(journal.records())


def test_an_untouched_journal_has_no_broken_link(records: list[JournalRecord]) -> None:
    assert verify_chain(records) is None
    assert verify_chain([]) is None


def test_the_head_is_where_the_next_step_goes(records: list[JournalRecord]) -> None:
    assert head_after(records[-1]) == Head(next_seq=4, prev_hash=digest(records[-1].body), epoch=3)


def test_the_first_step_follows_the_genesis(records: list[JournalRecord]) -> None:
    body = records[0].body.replace(GENESIS.encode(), b"1" * 32)
    broken = verify_chain([JournalRecord(0, body)])
    assert broken is not None
    assert (broken.seq, broken.expected, broken.found) == (0, GENESIS, "1" * 32)


@pytest.mark.parametrize("altered", [0, 1, 2])
def test_an_altered_step_is_betrayed_by_the_next(
    records: list[JournalRecord], altered: int
) -> None:
    body = records[altered].body.replace(b'"long"', b'"short"')
    assert body != records[altered].body
    broken = verify_chain(
        [*records[:altered], JournalRecord(altered, body), *records[altered + 1 :]]
    )
    assert broken is not None
    assert broken.seq == altered + 1
    assert (broken.expected, broken.found) == (digest(body), digest(records[altered].body))


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_lost_step_is_named(records: list[JournalRecord], lost: int) -> None:
    broken = verify_chain(records[:lost] + records[lost + 1 :])
    assert broken is not None
    assert broken.seq == lost
    assert broken.found == f"step {lost + 1} in place {lost + 1}"


def test_a_step_in_anothers_place_is_named(records: list[JournalRecord]) -> None:
    broken = verify_chain([records[0], JournalRecord(1, records[2].body)])
    assert broken is not None
    assert (broken.seq, broken.expected, broken.found) == (1, "step 1", "step 2 in place 1")


def test_bytes_that_are_no_step_are_named(records: list[JournalRecord]) -> None:
    broken = verify_chain([records[0], JournalRecord(1, b"torn")])
    assert broken is not None
    assert (broken.seq, broken.expected) == (1, "a step")
    assert "not a step" in broken.found


def test_a_head_is_not_taken_from_a_step_in_anothers_place(records: list[JournalRecord]) -> None:
    with pytest.raises(Corrupt, match="step 1: the stored step says it is 2"):
        head_after(JournalRecord(1, records[2].body))


def test_a_step_goes_on_its_own_head_only() -> None:
    step = step_at(NEW)
    body = encode_step(step)
    assert successor(NEW, step, body) == Head(next_seq=1, prev_hash=digest(body), epoch=1)
    with pytest.raises(ValueError, match="step 1 was appended where 0 goes"):
        successor(NEW, msgspec.structs.replace(step, seq=1), body)
    with pytest.raises(ValueError, match="step 0 follows ffff, the head is 0000"):
        successor(NEW, msgspec.structs.replace(step, prev_hash="ffff"), body)
