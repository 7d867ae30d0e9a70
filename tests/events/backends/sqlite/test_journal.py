from pathlib import Path

import pytest

from tests.contracts.journal import (
    JournalBackend,
    JournalContract,
    LocksOutASecondWriter,
    LosesWhatIsNotFlushed,
)
from tests.events.backends.sqlite import faults, places


class TestSqliteJournal(JournalContract, LosesWhatIsNotFlushed, LocksOutASecondWriter):
    @pytest.fixture
    def backend(self, tmp_path: Path) -> JournalBackend:
        return JournalBackend(
            journal=places.journal(str(tmp_path)), crash=faults.crash, fill_disk=faults.fill_disk
        )
