"""What every ingress must do. A backend enrols by subclassing and giving ``ingress``."""

from functools import partial
from threading import Barrier, Thread

import pytest

from events.errors import SequenceGap
from events.ingress import Ingress
from schemas.envelope import Slice
from schemas.market import MarketSlice
from tests.support.steps import bar, event
from tests.support.waiting import wait_until

GATEWAY = "venue.FXCM"
OPERATOR = "operator.anna"


def post(ingress: Ingress, writer: str, *numbers: int) -> None:
    """Post events that carry their number."""
    for number in numbers:
        ingress.post(writer, number, event(number, bar(number), author=writer))


def everything(ingress: Ingress) -> list[tuple[str, int]]:
    """Writer and number of all that was posted, in the order of delivery."""
    return [(posted.writer, posted.number) for posted in ingress.poll(0, 100_000)]


class IngressContract:
    @pytest.fixture
    def ingress(self) -> Ingress:
        raise NotImplementedError("a backend enrols by giving this fixture")

    def test_a_new_ingress_is_empty_and_every_writer_begins_at_0(self, ingress: Ingress) -> None:
        assert list(ingress.poll(0, 10)) == []
        assert ingress.next_number(GATEWAY) == 0

    def test_writers_number_apart_and_are_delivered_in_the_order_of_posting(
        self, ingress: Ingress
    ) -> None:
        post(ingress, GATEWAY, 0, 1)
        post(ingress, OPERATOR, 0)
        post(ingress, GATEWAY, 2)

        assert everything(ingress) == [(GATEWAY, 0), (GATEWAY, 1), (OPERATOR, 0), (GATEWAY, 2)]
        assert (ingress.next_number(GATEWAY), ingress.next_number(OPERATOR)) == (3, 1)

    def test_an_event_arrives_as_it_was_posted_with_its_slices(self, ingress: Ingress) -> None:
        slices = (Slice("fxcm-eurusd", 0, 41), Slice("oanda-eurusd", 7, 7))
        sent = event(3, MarketSlice(reason="end"), author="feeds.fxcm")
        ingress.post("feeds.fxcm", 0, sent, slices)

        (posted,) = ingress.poll(0, 10)
        assert (posted.event, posted.slices) == (sent, slices)
        assert (posted.writer, posted.number) == ("feeds.fxcm", 0)

    def test_a_number_that_was_taken_is_dropped(self, ingress: Ingress) -> None:
        post(ingress, GATEWAY, 0, 1)
        ingress.post(GATEWAY, 0, event(99, bar(99)))
        post(ingress, GATEWAY, 1, 2)

        assert everything(ingress) == [(GATEWAY, 0), (GATEWAY, 1), (GATEWAY, 2)]
        (first,) = ingress.poll(0, 1)
        assert first.event == event(0, bar(0), author=GATEWAY)

    def test_a_skipped_number_is_refused_and_nothing_is_stored(self, ingress: Ingress) -> None:
        post(ingress, GATEWAY, 0)
        with pytest.raises(SequenceGap, match=r"venue\.FXCM posted 2 where 1 was due"):
            post(ingress, GATEWAY, 2)
        with pytest.raises(SequenceGap):
            post(ingress, OPERATOR, 1)
        assert everything(ingress) == [(GATEWAY, 0)]
        post(ingress, GATEWAY, 1)
        assert ingress.next_number(GATEWAY) == 2

    def test_positions_ascend_and_reading_goes_on_after_the_last_one(
        self, ingress: Ingress
    ) -> None:
        post(ingress, GATEWAY, *range(25))
        position, numbers, sizes = 0, [], []
        while page := ingress.poll(position, 10):
            sizes.append(len(page))
            for posted in page:
                assert posted.position >= position
                position = posted.position + 1
                numbers.append(posted.number)
        assert numbers == list(range(25))
        assert sizes == [10, 10, 5]

    def test_who_does_not_ask_gets_the_same_in_time(self, ingress: Ingress) -> None:
        taken: list[int] = []
        position = 0

        def has_taken(count: int) -> bool:
            nonlocal position
            for posted in ingress.poll(position, 10, asking=False):
                taken.append(posted.number)
                position = posted.position + 1
            return len(taken) >= count

        for number in range(6):
            post(ingress, "w", number)
            wait_until(partial(has_taken, number + 1))
        assert taken == [0, 1, 2, 3, 4, 5]

    def test_writers_in_several_threads_lose_nothing_and_keep_their_order(
        self, ingress: Ingress
    ) -> None:
        names, each = [f"gateway {letter}" for letter in "abc"], 50
        start = Barrier(len(names))

        def run(name: str) -> None:
            start.wait()
            for number in range(each):
                post(ingress, name, number)

        threads = [Thread(target=run, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        delivered = everything(ingress)
        for name in names:
            assert [number for writer, number in delivered if writer == name] == list(range(each))
        assert len(delivered) == len(names) * each
