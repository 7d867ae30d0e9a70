"""What the tests of the runtime share."""

from pathlib import Path

import pytest

from runtime.home import Home
from tests.support.handmade import write_market, write_run


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return Home.create(tmp_path / "home")


@pytest.fixture
def recorded(home: Home) -> Home:
    """A home with the handmade run."""
    write_market(home)
    write_run(home)
    return home
