"""The collector is left alone for a block, and as it was afterwards."""

import gc

import pytest

from runtime.collecting import rare_collections


def test_collections_are_rare_inside_and_usual_afterwards() -> None:
    before = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold()[0] > 10 * before[0]
        assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def fail_inside() -> None:
    with rare_collections():
        raise ValueError("inside")


def test_the_collector_is_as_it_was_after_an_error() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="inside"):
        fail_inside()
    assert gc.get_threshold() == before
