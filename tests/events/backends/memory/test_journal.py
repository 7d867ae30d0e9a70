import pytest

from events.backends.memory.faults import FaultPlan
from events.backends.memory.journal import MemoryJournal
from events.errors import Fenced, InUse
from events.journal import JournalWriter
from tests.contracts.journal import (
    JournalBackend,
    JournalContract,
    LocksOutASecondWriter,
    LosesWhatIsNotFlushed,
)
from tests.support.steps import append_steps


class TestMemoryJournal(JournalContract, LosesWhatIsNotFlushed, LocksOutASecondWriter):
    @pytest.fixture
    def backend(self) -> JournalBackend:
        faults = FaultPlan()
        journal = MemoryJournal(faults)

        def crash(_: JournalWriter) -> None:
            journal.crash()

        def fill_disk(_: JournalWriter) -> None:
            faults.fail_on_flush = 1

        return JournalBackend(journal=journal, crash=crash, fill_disk=fill_disk)


def test_a_crashed_writer_is_fenced_and_cannot_disturb_its_successor() -> None:
    journal = MemoryJournal()
    zombie = journal.open()
    append_steps(zombie, 3)
    journal.crash()
    with journal.open() as successor:
        append_steps(successor, 1)
        with pytest.raises(Fenced):
            append_steps(zombie, 1)
        with pytest.raises(Fenced):
            zombie.flush()
        zombie.close()
        with pytest.raises(InUse):
            journal.open()
        append_steps(successor, 1)
    assert journal.end() == 2
