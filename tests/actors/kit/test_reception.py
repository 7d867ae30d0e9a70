"""What was posted is taken once, in order, and what is missing is seen."""

from collections.abc import Sequence

import pytest

from actors.kit.reception import IngressGap, Reception
from events.backends.memory.ingress import MemoryIngress
from events.ingress import Posted
from schemas.envelope import Origin
from tests.actors.kit.cells import event, observation


class Delivering(MemoryIngress):
    """An ingress whose next delivery a test decides."""

    def __init__(self) -> None:
        super().__init__()
        self.next: list[Posted] = []

    def poll(self, from_position: int, limit: int, *, asking: bool = True) -> Sequence[Posted]:
        if self.next:
            delivered, self.next = self.next, []
            return delivered
        return super().poll(from_position, limit)


def posted(position: int, writer: str, number: int) -> Posted:
    name = f"{writer}/{number}"
    return Posted(
        position=position, writer=writer, number=number, event=event(observation("x"), name)
    )


def fill_in(ingress: MemoryIngress, *writers: str) -> None:
    for writer in writers:
        number = ingress.next_number(writer)
        ingress.post(writer, number, event(observation("x"), f"{writer}/{number}"))


def names(reception: Reception, limit: int = 10) -> list[str]:
    return [each.event.id for each in reception.poll(limit)]


def test_events_of_all_writers_come_in_the_order_of_the_ingress() -> None:
    ingress = MemoryIngress()
    reception = Reception(ingress)
    fill_in(ingress, "a", "b", "a")
    assert names(reception, limit=2) == ["a/0", "b/0"]
    assert names(reception) == ["a/1"]
    assert names(reception) == []


def test_what_is_delivered_twice_is_passed_over() -> None:
    ingress = Delivering()
    reception = Reception(ingress)
    fill_in(ingress, "a", "a", "a")
    ingress.next = [posted(0, "a", 0), posted(1, "a", 1), posted(0, "a", 0), posted(1, "a", 1)]
    assert names(reception) == ["a/0", "a/1"]
    assert names(reception) == ["a/2"]


def test_a_number_that_is_skipped_stops_the_cell() -> None:
    ingress = Delivering()
    reception = Reception(ingress)
    ingress.next = [posted(0, "a", 0), posted(1, "a", 2)]
    with pytest.raises(IngressGap, match="a posted number 2, not 1"):
        names(reception)


def test_a_writer_that_does_not_begin_at_zero_stops_the_cell() -> None:
    ingress = Delivering()
    ingress.next = [posted(0, "a", 1)]
    with pytest.raises(IngressGap, match="a posted number 1, not 0"):
        names(Reception(ingress))


def test_after_recovery_it_goes_on_behind_the_last_step() -> None:
    ingress = MemoryIngress()
    fill_in(ingress, "a", "b", "a", "b")
    recovered = Reception(ingress)
    recovered.learn(Origin(0, "a", 0))
    recovered.learn(Origin(1, "b", 0))
    assert names(recovered) == ["a/1", "b/1"]


@pytest.mark.parametrize("count", [1, 3, 600])
def test_what_became_no_step_before_a_crash_is_no_gap(count: int) -> None:
    ingress = MemoryIngress()
    fill_in(ingress, *["a"] * (count + 1), "b", "a", "c")
    recovered = Reception(ingress)
    recovered.learn(Origin(0, "a", 0))
    recovered.learn(Origin(count + 1, "b", 0))
    assert names(recovered) == [f"a/{count + 1}", "c/0"]


def test_a_true_gap_is_seen_behind_what_became_no_step() -> None:
    ingress = Delivering()
    fill_in(ingress, "a", "a", "b")
    recovered = Reception(ingress)
    recovered.learn(Origin(2, "b", 0))
    ingress.next = [posted(3, "a", 3)]
    with pytest.raises(IngressGap, match="a posted number 3, not 2"):
        names(recovered)
