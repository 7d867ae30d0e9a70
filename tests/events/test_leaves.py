"""Trees of plain values, flattened."""

import pytest

from events.leaves import leaves


def test_every_leaf_has_the_path_to_it() -> None:
    tree = {"a": {"b": [1, {"c": None}]}, "d": "x"}
    assert list(leaves(tree)) == [("a.b.0", 1), ("a.b.1.c", None), ("d", "x")]


@pytest.mark.parametrize("empty", [{}, []], ids=["object", "array"])
def test_what_is_empty_is_a_leaf(empty: object) -> None:
    assert list(leaves({"a": empty})) == [("a", empty)]


def test_a_value_alone_has_no_path() -> None:
    assert list(leaves(3)) == [("", 3)]
