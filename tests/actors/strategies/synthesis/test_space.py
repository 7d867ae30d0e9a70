"""What a search tries, and in which order nobody chooses."""

import pytest

from actors.strategies.synthesis.space import name_of, points, require_space, size

SPACE = {"slow": (20, 30, 40), "fast": (5, 10), "mode": ("a", True)}


def test_every_combination_is_tried_once_where_there_is_room() -> None:
    everything = points(SPACE, limit=12, seed=1)
    assert len({name_of("x", point) for point in everything}) == len(everything) == size(SPACE)
    assert everything[0] == {"fast": 5, "mode": "a", "slow": 20}


def test_where_there_is_none_the_seed_chooses_and_nothing_else() -> None:
    some = points(SPACE, limit=5, seed=1)
    turned = dict(reversed(SPACE.items()))
    assert points(turned, limit=5, seed=1) == some
    assert points(SPACE, limit=5, seed=2) != some
    assert points(SPACE, limit=4, seed=1) == some[:4], "more trials try what fewer tried, and more"


def test_a_candidate_is_called_the_same_however_its_parameters_are_written() -> None:
    assert name_of("x", {"a": 1, "b": 2}) == name_of("x", {"b": 2, "a": 1})
    assert name_of("x", {"a": 1}) != name_of("x", {"a": 1.0}) != name_of("y", {"a": 1.0})


@pytest.mark.parametrize(
    ("space", "complaint"),
    [
        ({"fast": ()}, "`space.fast` needs different values"),
        ({"fast": (5, 5)}, "`space.fast` needs different values"),
        (
            {name: tuple(range(101)) for name in ("a", "b", "c")},
            "`space` has 1,030,301 combinations, more than 1,000,000",
        ),
    ],
)
def test_what_cannot_be_searched_is_refused(
    space: dict[str, tuple[int, ...]], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        require_space(space)
