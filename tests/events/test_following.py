from collections.abc import Iterator

import pytest

from events import following
from events.following import follow


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made; none takes time."""
    made: list[float] = []
    monkeypatch.setattr(following, "sleep", made.append)
    return made


def rounds(*batches: list[int]) -> tuple[Iterator[Iterator[int]], list[list[int]]]:
    left = list(batches)

    def each() -> Iterator[Iterator[int]]:
        while True:
            yield iter(left.pop(0) if left else [])

    return each(), left


def test_gives_what_there_is_and_what_comes(pauses: list[float]) -> None:
    given, left = rounds([1, 2], [], [3], [4])
    assert list(follow(lambda: next(given), lambda: not left)) == [1, 2, 3, 4]
    assert len(pauses) == 1


def test_what_became_readable_with_the_end_is_still_read(pauses: list[float]) -> None:
    given, _ = rounds([1], [2, 3])
    ends = iter([False, True])
    assert list(follow(lambda: next(given), lambda: next(ends))) == [1, 2, 3]


def test_asks_less_often_when_nothing_comes_and_at_once_again_when_something_does(
    pauses: list[float],
) -> None:
    given, left = rounds(*[[]] * 7, [1], [], [], [2])
    assert list(follow(lambda: next(given), lambda: not left)) == [1, 2]
    assert pauses == [0.001, 0.002, 0.004, 0.008, 0.016, 0.02, 0.02, 0.001, 0.002]
