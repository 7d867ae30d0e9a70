"""Models are loaded beside the work, swapped, and leave a device that is full."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest

from actors.patterns.serving.engine import ServingConfig
from runtime.inference.engines import LOOK_S, Engines, Slot
from runtime.inference.shelf import Wish
from schemas.errors import UserError
from tests.runtime.inference.asking import Follower, OneShelf
from tests.support.waiting import wait_until


@dataclass
class Engaged:
    """Engines over a shelf, and a clock that a test moves."""

    shelf: OneShelf = field(default_factory=OneShelf)
    now: float = 0.0

    def __post_init__(self) -> None:
        self.engines = Engines(self.shelf, ServingConfig(wait_us=0), clock=lambda: self.now)

    def slot(self, use: str) -> Slot:
        """The slot of a wish that is loaded."""
        slot = self.engines.slot(wish(use))
        self.settle(slot)
        return slot

    def settle(self, slot: Slot) -> None:
        """Until nothing is being loaded into a slot."""

        def settled() -> bool:
            self.engines.turn()
            return slot.loading is None

        wait_until(settled)

    def look(self) -> None:
        """Some time later."""
        self.now += LOOK_S
        self.engines.turn()


@pytest.fixture
def engaged() -> Iterator[Engaged]:
    made = Engaged()
    with closing(made.engines):
        yield made


def wish(use: str) -> Wish:
    return Wish(use=use, interval="1m", instruments=1, configs=())


def test_a_model_is_loaded_once_for_all_who_wish_it(engaged: Engaged) -> None:
    slot = engaged.slot("a")
    assert engaged.slot("a") is slot
    assert slot.digest == "v1"
    assert engaged.shelf.opened == [("a", False)]


def test_what_was_promoted_is_swapped_in_and_the_old_one_answers_until_then(
    engaged: Engaged,
) -> None:
    slot = engaged.slot("a")
    engine = slot.engine
    engaged.look()
    assert len(engaged.shelf.opened) == 1, "nothing new was promoted"
    engaged.shelf.recogniser = Follower("v2")
    engaged.look()
    assert slot.digest == "v1"
    engaged.settle(slot)
    assert slot.digest == "v2"
    assert slot.engine is engine


def test_a_model_that_wants_other_bars_is_not_taken(engaged: Engaged) -> None:
    slot = engaged.slot("a")
    engaged.shelf.recogniser = Follower("v2", bars=9)
    engaged.look()
    engaged.settle(slot)
    assert slot.digest == "v1"
    assert engaged.engines.troubles == [
        "a: model v2 reads 9 bars, and 5 are sent: start the cell anew for it"
    ]


def test_where_there_is_no_room_who_was_asked_longest_ago_leaves(engaged: Engaged) -> None:
    first, second = engaged.slot("a"), engaged.slot("b")
    assert engaged.slot("a") is first
    engaged.shelf.refusals = 1
    third = engaged.slot("c")
    assert [each.device for each in (first, second, third)] == ["cuda", "", "cuda"]
    assert second.engine is None
    assert engaged.engines.evicted == 1


def test_who_had_to_leave_comes_back_when_it_is_asked(engaged: Engaged) -> None:
    first = engaged.slot("a")
    engaged.shelf.refusals = 1
    engaged.slot("b")
    assert engaged.engines.known(wish("a")) is first
    engaged.look()
    assert (first.engine, first.loading) == (None, None), "nobody asked for it"
    assert engaged.slot("a").engine is not None


def test_a_device_that_has_room_for_nothing_is_left_to_the_processor(engaged: Engaged) -> None:
    engaged.shelf.refusals = 1
    slot = engaged.slot("a")
    assert (slot.device, engaged.engines.evicted) == ("cpu", 0)
    assert engaged.shelf.opened == [("a", False), ("a", True)]


def test_a_model_that_cannot_be_opened_is_tried_again(engaged: Engaged) -> None:
    engaged.shelf.error = UserError("the file is damaged")
    slot = engaged.slot("a")
    assert engaged.engines.troubles == ["a: the file is damaged"]
    assert engaged.engines.slot(wish("a")).loading is None, "not for each who asks"
    engaged.shelf.error = None
    engaged.look()
    engaged.settle(slot)
    assert (slot.digest, engaged.engines.troubles) == ("v1", [])
