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


class Unread:
    """Gives a batch a round, and notes when it was to ask."""

    def __init__(self, given: Iterator[Iterator[int]]) -> None:
        self._given = given
        self.asked: list[bool] = []

    def __call__(self, *, asking: bool) -> Iterator[int]:
        self.asked.append(asking)
        return next(self._given)


def test_gives_what_there_is_and_what_comes(pauses: list[float]) -> None:
    given, left = rounds([1, 2], [], [3], [4])
    assert list(follow(Unread(given), lambda: not left)) == [1, 2, 3, 4]
    assert len(pauses) == 1


def test_what_became_readable_with_the_end_is_still_read(pauses: list[float]) -> None:
    given, _ = rounds([1], [2, 3])
    ends, unread = iter([False, True]), Unread(given)
    assert list(follow(unread, lambda: next(ends))) == [1, 2, 3]
    assert unread.asked == [False, True], "the last round goes to the end as it is then"


def test_asks_less_often_when_nothing_comes_and_at_once_again_when_something_does(
    pauses: list[float],
) -> None:
    given, left = rounds(*[[]] * 7, [1], [], [], [2])
    assert list(follow(Unread(given), lambda: not left)) == [1, 2]
    assert pauses == [0.001, 0.002, 0.004, 0.008, 0.016, 0.02, 0.02, 0.001, 0.002]
