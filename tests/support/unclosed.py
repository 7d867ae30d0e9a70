"""Sessions that a test does not close."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def dropped_by_its_own_thread() -> Iterator[None]:
    """A session that nobody closed is a cycle, and what Nautilus made may be dropped only by the
    thread that made it: the collector of a later test's thread must not find it.
    """
    yield
    gc.collect()
