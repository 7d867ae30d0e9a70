"""The story, told once a module: its questions only read."""

import pytest

from projections.store.port import Store
from tests.projections.queries.story import tell


@pytest.fixture(scope="module")
def told(engine: Store) -> Store:
    """A store that knows the story."""
    tell(engine)
    return engine
