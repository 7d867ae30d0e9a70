"""Python's collector of cycles, kept from walking a run's objects over and over."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_THRESHOLDS: Final = (100_000, 50, 100)
"""New container objects before a young collection (usually 700), and what older ones wait for."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Inside, cycles are looked for a hundred times more seldom, and never among what is there now.

    Events and states are freed by their reference counts. Looking for cycles among them took some
    six hundredths of the cell's processor time.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
