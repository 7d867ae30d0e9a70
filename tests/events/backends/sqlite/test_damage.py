"""Files that are not what was written: every one is named, none is read as if nothing were."""

from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import pytest

from events.backends.sqlite.ingress import SqliteIngress
from events.backends.sqlite.market_file import path_of
from events.batches import BatchKind
from events.chain import verify_chain
from events.codecs.arrow import encode_batch
from events.errors import Corrupt, LogError
from events.journal import JournalRecord
from schemas.errors import UserError
from tests.contracts.market_log import SOURCE, append
from tests.events.backends.sqlite import places
from tests.events.backends.sqlite.faults import alter
from tests.support.batches import EURUSD, numbers_in, quotes
from tests.support.steps import append_steps


@pytest.fixture
def market_file(tmp_path: Path) -> Path:
    """Rows 0..2, 3..6 and 7..11 in three records."""
    with places.market_log(str(tmp_path)).open(SOURCE) as writer:
        append(writer, 3, 4, 5)
    return path_of(tmp_path / "market", SOURCE)


@pytest.fixture
def journal_file(tmp_path: Path) -> Path:
    """Five steps."""
    with places.journal(str(tmp_path)).open() as writer:
        append_steps(writer, 5)
    return tmp_path / "cells" / "journal.sqlite"


def read_market(tmp_path: Path, from_seq: int = 0) -> list[int]:
    return numbers_in(list(places.market_log(str(tmp_path)).read(SOURCE, from_seq)))


def read_journal(tmp_path: Path) -> list[JournalRecord]:
    return list(places.journal(str(tmp_path)).records())


def flipped(body: bytes, place: int) -> bytes:
    """``body`` with one bit changed."""
    return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]


def test_a_flipped_bit_in_a_batch_is_seen(market_file: Path, tmp_path: Path) -> None:
    body = encode_batch(BatchKind.QUOTES, EURUSD, quotes(3, 4))
    alter(market_file, "UPDATE records SET body = ? WHERE first = 3", flipped(body, -100))

    with pytest.raises(Corrupt, match=rf"{SOURCE}:3: checksum differs"):
        read_market(tmp_path)
    assert read_market(tmp_path, 7) == list(range(7, 12))


def test_a_missing_record_is_seen(market_file: Path, tmp_path: Path) -> None:
    alter(market_file, "DELETE FROM records WHERE first = 3")

    with pytest.raises(Corrupt, match=rf"{SOURCE}:3: followed by 7\.\.11"):
        read_market(tmp_path)
    with pytest.raises(Corrupt, match=rf"{SOURCE}:4: followed by 0\.\.2"):
        read_market(tmp_path, 4)


def test_a_missing_last_record_is_seen(market_file: Path, tmp_path: Path) -> None:
    alter(market_file, "DELETE FROM records WHERE first = 7")
    with pytest.raises(Corrupt, match=rf"{SOURCE}:7: missing"):
        read_market(tmp_path)


def test_a_record_with_fewer_rows_than_it_says_is_seen(market_file: Path, tmp_path: Path) -> None:
    body = encode_batch(BatchKind.QUOTES, EURUSD, quotes(3, 2))
    alter(
        market_file,
        "UPDATE records SET body = ?, crc = ? WHERE first = 3",
        body,
        crc32(body),
    )
    with pytest.raises(Corrupt, match=rf"{SOURCE}:3: 2 rows"):
        read_market(tmp_path)


@pytest.mark.parametrize("damage", ["DELETE FROM state", "DROP TABLE state"])
def test_a_source_without_its_state_lets_no_writer_in(
    market_file: Path, tmp_path: Path, damage: str
) -> None:
    alter(market_file, damage)
    for _ in range(2):
        with pytest.raises(
            LogError, match=r"fxcm-eurusd\.sqlite: (its state is gone|no such table)"
        ):
            places.market_log(str(tmp_path)).open(SOURCE)


def test_a_flipped_bit_in_a_step_is_seen(journal_file: Path, tmp_path: Path) -> None:
    body = read_journal(tmp_path)[2].body
    alter(journal_file, "UPDATE steps SET body = ? WHERE seq = 2", flipped(body, 40))
    with pytest.raises(Corrupt, match=r"journal\.sqlite: step 2: checksum differs"):
        read_journal(tmp_path)


def test_a_missing_step_is_seen(journal_file: Path, tmp_path: Path) -> None:
    alter(journal_file, "DELETE FROM steps WHERE seq = 2")
    with pytest.raises(Corrupt, match=r"journal\.sqlite: step 2 is missing"):
        read_journal(tmp_path)


def test_a_step_rewritten_with_a_fitting_checksum_breaks_the_chain(
    journal_file: Path, tmp_path: Path
) -> None:
    body = read_journal(tmp_path)[2].body.replace(b'"long"', b'"short"')
    alter(journal_file, "UPDATE steps SET body = ?, crc = ? WHERE seq = 2", body, crc32(body))

    broken = verify_chain(read_journal(tmp_path))

    assert broken is not None
    assert broken.seq == 3


def test_a_damaged_last_step_keeps_the_next_writer_out(journal_file: Path, tmp_path: Path) -> None:
    alter(journal_file, "UPDATE steps SET body = x'00' WHERE seq = 4")
    for _ in range(2):
        with pytest.raises(Corrupt, match=r"journal\.sqlite: step 4: checksum differs"):
            places.journal(str(tmp_path)).open()


def text_file(path: Path) -> None:
    path.write_text("this is no database, and says so at some length. " * 20)


def foreign_database(path: Path) -> None:
    alter(path, "CREATE TABLE prices (close REAL)")


def journal_from_the_future(path: Path) -> None:
    places.journal(str(path.parent.parent)).open().close()
    alter(path, "PRAGMA user_version = 99")


def another_log_of_ours(path: Path) -> None:
    SqliteIngress(path).close()


@pytest.mark.parametrize(
    "make", [text_file, foreign_database, journal_from_the_future, another_log_of_ours]
)
def test_a_file_that_is_no_journal_is_refused_and_left_alone(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "cells" / "journal.sqlite"
    path.parent.mkdir()
    make(path)
    before = path.read_bytes()

    journal = places.journal(str(tmp_path))
    for attempt in (journal.open, journal.open, lambda: list(journal.records()), journal.end):
        with pytest.raises(Corrupt, match=r"cells/journal\.sqlite") as refused:
            attempt()
        assert isinstance(refused.value, UserError), "the user is told in one line"
    assert path.read_bytes() == before


def test_a_torn_page_is_corrupt(market_file: Path, tmp_path: Path) -> None:
    size = market_file.stat().st_size
    with market_file.open("r+b") as file:
        file.seek(size // 2 // 16_384 * 16_384)
        file.write(b"\xff" * 16_384)
    with pytest.raises(LogError, match=r"fxcm-eurusd\.sqlite"):
        read_market(tmp_path)
