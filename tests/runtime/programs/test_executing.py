"""A cell, its gateway and an exchange on paper, as programs in turn on logs in memory."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from events.codecs.json import decode_step
from events.replay import compare
from runtime.backends import MemoryBackend
from runtime.backtesting import known_instruments
from runtime.hosts.inline.given import given_in
from runtime.programs.exchanging import Exchanging
from runtime.programs.executing import ExecutionProgram
from runtime.programs.feeding import FeedProgram
from runtime.programs.market_bound import SessionProgram
from runtime.programs.program import Program, ProgramStatus, Stage
from runtime.programs.specs import ExchangeSpec, ExecutionSpec
from runtime.programs.trading import Trading
from runtime.replaying import recomputed
from runtime.results import BacktestResult
from runtime.wiring import wire
from schemas.envelope import Step
from schemas.order import OrderFilled, OrderSubmitting
from tests.runtime.programs.days import CELL, FEED, RUN, cell_spec

BOOK = "outside-1"
FINE = msgspec.structs.replace(FEED, rows_per_record=5)
SENDING = msgspec.structs.replace(
    cell_spec(), trading=msgspec.structs.replace(cell_spec().trading, execution="gateway")
)


class Floor:
    """Everything that trades, in turn. The exchange has a thread to itself, because two of
    Nautilus' engines get in each other's way on one.
    """

    def __init__(self) -> None:
        self._hall = ThreadPoolExecutor(1)
        self._exchanges: list[SessionProgram] = []
        self.backend = MemoryBackend()
        self.results: list[BacktestResult] = []
        self.feed = FeedProgram(FINE, self.backend.market_log())
        self.feed.start()
        self.cell = self.started(
            lambda: SessionProgram(Trading(SENDING, self.backend, self.results.append))
        )
        self.open_exchange()
        self.gateway = self.new_gateway()

    def started[P: Program](self, make: Callable[[], P]) -> P:
        program = make()
        program.start()
        return program

    def new_cell(self) -> SessionProgram:
        return SessionProgram(Trading(SENDING, self.backend, self.results.append))

    def open_exchange(self) -> None:
        def opened() -> None:
            spec = ExchangeSpec(name="outside", book=BOOK, sources=SENDING.sources)
            self._exchanges.append(
                self.started(lambda: SessionProgram(Exchanging(spec, self.backend)))
            )

        self._hall.submit(opened).result()

    def close_exchange(self) -> None:
        """Let go of it where it was made: what it holds may not be dropped elsewhere."""
        self._hall.submit(lambda: self._exchanges.pop().close()).result()

    def exchange_status(self) -> ProgramStatus:
        return self._hall.submit(self._exchanges[0].status).result()

    def new_gateway(self) -> ExecutionProgram:
        spec = ExecutionSpec(name="desk", cell=CELL, run=RUN, book=BOOK)
        return self.started(lambda: ExecutionProgram(spec, self.backend))

    def trade(self) -> bool:
        """A little of the market, and all that follows from it."""
        worked = self.feed.turn()
        following = True
        while following:
            following = self.cell.turn() | self.gateway.turn()
            following |= self._hall.submit(self._exchanges[0].turn).result()
            worked |= following
        return worked

    def run_out(self) -> None:
        while self.trade():
            pass

    def steps(self) -> list[Step]:
        journal = self.backend.journal(CELL, RUN)
        return [decode_step(record.body) for record in journal.records()]

    def outside(self) -> list[Step]:
        return [decode_step(record.body) for record in self.backend.journal(BOOK).records()]

    def close(self) -> None:
        self.close_exchange()
        self.cell.close()
        self._hall.shutdown()


@pytest.fixture
def floor() -> Iterator[Floor]:
    made = Floor()
    yield made
    made.close()


def fills_in(steps: list[Step]) -> dict[str, Decimal]:
    return {
        step.input.id: step.input.payload.quantity
        for step in steps
        if isinstance(step.input.payload, OrderFilled)
    }


def test_what_the_exchange_fills_is_what_the_cell_holds(floor: Floor) -> None:
    floor.run_out()
    inside, outside = fills_in(floor.steps()), fills_in(floor.outside())
    assert len(inside) > 5
    assert inside.items() <= outside.items()
    assert floor.results[0].fills == len(inside)


def test_the_cell_verifies_from_its_journal_alone(floor: Floor) -> None:
    floor.run_out()
    log, spec = floor.backend.market_log(), SENDING.spec
    backtest = replace(wire(spec, known_instruments(log, spec)), run=RUN, cell=CELL)
    given = tuple(given_in(floor.backend.journal(CELL, RUN).records()))
    again = recomputed(backtest, log, given, floor.steps()[-1], None)
    assert compare(iter(floor.steps()), again).identical


def test_gateway_and_exchange_go_on_after_they_were_replaced(floor: Floor) -> None:
    while floor.cell.status().counters.get("fills", 0) < 3:
        assert floor.trade()
    floor.gateway.close()
    floor.close_exchange()
    floor.open_exchange()
    floor.gateway = floor.new_gateway()
    floor.run_out()
    assert len(fills_in(floor.steps())) > 5
    holders = {
        step.input.payload.holder
        for step in floor.steps()
        if isinstance(step.input.payload, OrderSubmitting)
    }
    assert len(holders) == 2
    assert floor.exchange_status().counters["twice"] == 0


def test_a_gateway_says_what_it_did(floor: Floor) -> None:
    floor.trade()
    assert floor.gateway.status().stage is Stage.RUNNING
    floor.run_out()
    status = floor.gateway.status()
    assert (status.kind, status.stage, status.lag) == ("execution", Stage.FINISHED, {RUN: 0})
    assert status.counters["sent"] == sum(
        isinstance(step.input.payload, OrderSubmitting) for step in floor.steps()
    )
    assert status.counters["reports"] >= len(fills_in(floor.steps()))
    assert floor.exchange_status().kind == "exchange"
