from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from events.errors import Corrupt
from events.ingress import Ingress
from tests.contracts.ingress import GATEWAY, IngressContract, everything, post
from tests.events.backends.sqlite import faults, places


class TestSqliteIngress(IngressContract):
    @pytest.fixture
    def ingress(self, tmp_path: Path) -> Iterator[Ingress]:
        with closing(places.ingress(str(tmp_path))) as ingress:
            yield ingress


def test_what_was_posted_is_there_for_the_next_process(tmp_path: Path) -> None:
    with closing(places.ingress(str(tmp_path))) as ingress:
        post(ingress, GATEWAY, 0, 1)
    with closing(places.ingress(str(tmp_path))) as ingress:
        assert ingress.next_number(GATEWAY) == 2
        post(ingress, GATEWAY, 1, 2)
        assert everything(ingress) == [(GATEWAY, 0), (GATEWAY, 1), (GATEWAY, 2)]


def test_two_that_share_a_file_see_what_the_other_posted(tmp_path: Path) -> None:
    with (
        closing(places.ingress(str(tmp_path))) as gateway,
        closing(places.ingress(str(tmp_path))) as cell,
    ):
        post(gateway, GATEWAY, 0, 1)
        assert everything(cell) == [(GATEWAY, 0), (GATEWAY, 1)]
        assert cell.next_number(GATEWAY) == 2


def test_a_damaged_post_is_corrupt_and_named(tmp_path: Path) -> None:
    with closing(places.ingress(str(tmp_path))) as ingress:
        post(ingress, GATEWAY, 0, 1)
        faults.alter(ingress.path, "UPDATE posts SET event = x'00' WHERE number = 1")
        with pytest.raises(Corrupt, match=r"ingress\.sqlite: post 1: not an event"):
            ingress.poll(0, 10)
