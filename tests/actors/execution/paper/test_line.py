"""A line to an exchange on paper: what goes in at the door, and what comes out of the journal."""

from typing import Final

import pytest

from actors.execution.exchange import Report
from actors.execution.paper.clerk import Clerk
from actors.execution.paper.door import Door
from actors.execution.paper.line import PaperLine
from actors.kit.runner import CellRunner
from schemas.envelope import carries
from schemas.order import OrderCancelRequested, OrderSent, VenueAnswer
from tests.actors.kit.cells import Bench, observation
from tests.support.exchanges import accepted, approval, filled


class Outside:
    """An exchange whose venue says what a test makes it say."""

    def __init__(self) -> None:
        self.bench: Final = Bench()
        self.now = 1_000
        self.door: Final = Door(self.bench.ingress, lambda: self.now)
        self.runner: Final[CellRunner] = self.bench.runner([Clerk()], ingress=self.door)
        self.runner.start()

    def line(self, holder: str = "desk/1") -> PaperLine:
        return PaperLine(self.bench.journal, self.bench.ingress, holder, lambda: self.now)

    def say(self, *answers: VenueAnswer) -> None:
        self.bench.post(*answers, writer="venue")
        self.runner.turn()


@pytest.fixture
def outside() -> Outside:
    return Outside()


def answers_in(reports: object) -> list[VenueAnswer]:
    assert isinstance(reports, list)
    return [report.answer for report in reports if isinstance(report, Report)]


def test_an_order_is_recorded_with_the_time_of_its_arrival(outside: Outside) -> None:
    line = outside.line()
    outside.now = 1_003
    line.send(approval("o"), 1_020)
    outside.now = 1_007
    outside.runner.turn()
    taken = outside.bench.steps[-1]
    assert carries(taken.input, OrderSent)
    assert (taken.input.payload.send_by, taken.input.payload.arrived) == (1_020, 1_007)
    assert (taken.input.cause, taken.input.correlation) == (approval("o").id, "root of o")
    assert [output.kind for output in taken.outputs] == ["order.approved"]


def test_an_order_is_unknown_until_the_exchange_has_taken_it(outside: Outside) -> None:
    line = outside.line()
    line.send(approval("o"), 1_020)
    assert line.ask("o") is None
    outside.runner.turn()
    assert line.ask("o") == []


def test_an_order_that_came_late_is_unknown_for_ever(outside: Outside) -> None:
    line = outside.line()
    line.send(approval("o"), 1_020)
    outside.now = 1_021
    outside.runner.turn()
    assert line.ask("o") is None


def test_what_was_said_is_news_once_and_can_be_asked_for_again(outside: Outside) -> None:
    line = outside.line()
    line.send(approval("o"), 1_020)
    outside.runner.turn()
    outside.say(accepted("o"), filled("o", 10))
    assert line.heard() == ["o"]
    assert line.heard() == []
    for _ in range(2):
        assert answers_in(line.ask("o")) == [accepted("o"), filled("o", 10)]


def test_words_about_a_leg_belong_to_its_order(outside: Outside) -> None:
    line = outside.line()
    line.send(approval("o"), 1_020)
    outside.runner.turn()
    outside.say(accepted("o"), accepted("o-SL"))
    assert line.heard() == ["o"]
    assert answers_in(line.ask("o-SL")) == [accepted("o"), accepted("o-SL")]


def test_a_new_line_has_no_old_news_and_knows_all_the_same(outside: Outside) -> None:
    first = outside.line()
    first.send(approval("o"), 1_020)
    outside.runner.turn()
    outside.say(accepted("o"))
    second = outside.line("desk/2")
    assert second.heard() == []
    assert answers_in(second.ask("o")) == [accepted("o")]


def test_a_cancel_names_the_instrument_of_an_order_that_is_there(outside: Outside) -> None:
    line = outside.line()
    line.cancel("o")
    assert outside.runner.turn() == 0, "nobody there knows it"
    line.send(approval("o"), 1_020)
    outside.runner.turn()
    outside.say(accepted("o"))
    line.heard()
    line.cancel("o-TP")
    outside.runner.turn()
    cancel = outside.bench.steps[-1].outputs[0]
    assert carries(cancel, OrderCancelRequested)
    assert (cancel.payload.client_order_id, cancel.payload.instrument) == ("o-TP", "A.SIM")


def test_what_others_post_passes_the_door_as_it_is(outside: Outside) -> None:
    outside.bench.post(observation("x"))
    (posted,) = outside.door.poll(0, 10)
    assert posted == outside.bench.ingress.poll(0, 10)[0]
