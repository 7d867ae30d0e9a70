"""A strategy in a cell, with the project's own positions, sizing and risk beside it."""

from decimal import Decimal

import pytest

from actors.kit.deliberation import Deliberation
from actors.kit.shapes import Folded
from actors.kit.snapshot import snapshot
from actors.kit.testing import at, closed
from actors.portfolio.accounts import AccountConfig
from actors.portfolio.positions import Positions
from actors.portfolio.sizes import SizingConfig
from actors.portfolio.sizing import Sizing
from actors.portfolio.valuation import Valuation
from actors.risk.limits import RiskLimits
from actors.risk.pre_trade import PreTradeRisk
from actors.strategies.catalogue import load
from actors.strategies.template import Strategy
from schemas.cell import CellLive
from schemas.envelope import GENESIS, AnyEvent, Step
from schemas.order import OrderApproved, OrderFilled, OrderType
from schemas.quantities import Money
from tests.actors.strategies.by_price import BY_PRICE
from tests.actors.strategies.real_bars import SPY, spy


class Cell:
    """Deciders around one strategy; approved market orders fill at the next bar's open."""

    def __init__(self, name: str, **parameters: str) -> None:
        self.strategy: Strategy = load(name)([SPY], parameters)
        self.deliberation = Deliberation(
            (
                Folded(Positions()),
                Folded(Valuation(AccountConfig())),
                self.strategy,
                Folded(Sizing(SizingConfig())),
                Folded(PreTradeRisk(RiskLimits())),
            )
        )
        self.steps: list[Step] = []
        self.approved: list[AnyEvent] = []
        self.take(at(spy()[0].ts_open, CellLive(recovered_steps=0)))
        self.take(at(spy()[0].ts_open, SPY))

    def play(self, bars: int) -> None:
        for bar in spy()[:bars]:
            due, self.approved = self.approved, []
            for order in due:
                fill = filled(order, len(self.steps), bar.open)
                if fill is not None:
                    self.take(at(bar.ts_open, fill))
            self.take(closed(bar))

    def take(self, event: AnyEvent) -> None:
        outputs = self.deliberation.answers(event, event.ts)
        self.approved += [each for each in outputs if isinstance(each.payload, OrderApproved)]
        self.steps.append(
            Step(
                cell="test",
                run="test",
                seq=len(self.steps),
                epoch=1,
                prev_hash=GENESIS,
                ts=event.ts,
                ts_recorded=event.ts,
                slices=(),
                input=event,
                outputs=outputs,
            )
        )


def filled(approved: AnyEvent, number: int, price: Decimal) -> OrderFilled | None:
    assert isinstance(approved.payload, OrderApproved)
    ticket = approved.payload.ticket
    if ticket.terms.type is not OrderType.MARKET:
        return None
    return OrderFilled(
        client_order_id=ticket.client_order_id,
        instrument=ticket.instrument,
        strategy=ticket.strategy,
        trade_id=f"T{number}",
        side=ticket.side,
        quantity=ticket.quantity,
        price=price,
        commission=Money(Decimal(0), "USD"),
        liquidity="taker",
    )


def test_a_fill_and_the_trailing_stop_that_protects_it_are_one_step() -> None:
    cell = Cell("donchian_breakout", trailing="true")
    cell.play(400)
    (step,) = [step for step in cell.steps if isinstance(step.input.payload, OrderFilled)]
    assert [output.kind for output in step.outputs if output.kind != "portfolio.valued"] == [
        "position.changed",
        "signal.raised",
        "order.requested",
        "order.approved",
    ]
    fill, protection = step.input.payload, step.outputs[-1].payload
    assert isinstance(fill, OrderFilled)
    assert isinstance(protection, OrderApproved)
    assert protection.ticket.quantity == fill.quantity
    assert protection.ticket.side is fill.side.opposite
    (working,) = cell.strategy.working(SPY.id)
    assert working.client_order_id == protection.ticket.client_order_id


@pytest.mark.parametrize("name", BY_PRICE)
def test_a_strategy_knows_the_position_that_its_fills_add_up_to(name: str) -> None:
    cell = Cell(name)
    cell.play(828)
    fills = [s.input.payload for s in cell.steps if isinstance(s.input.payload, OrderFilled)]
    total = sum((fill.quantity * fill.side.sign for fill in fills), Decimal(0))
    assert fills
    assert cell.strategy.position(SPY.id).quantity == total
    assert cell.strategy.working(SPY.id) == ()


@pytest.mark.parametrize("name", BY_PRICE)
def test_folding_the_recorded_steps_rebuilds_the_strategy(name: str) -> None:
    cell, again = Cell(name), Cell(name)
    cell.play(300)
    for step in cell.steps[len(again.steps) :]:
        again.deliberation.fold(step)
    authors = {output.author for step in cell.steps for output in step.outputs}
    assert cell.strategy.author in authors
    assert snapshot(again.strategy) == snapshot(cell.strategy)
