"""A run written by hand: a home with a market log and a journal whose every link is known."""

from collections.abc import Sequence
from decimal import Decimal
from types import TracebackType
from typing import Self

from events.backends.sqlite.database import Durability
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from events.batches import BatchKind
from runtime.home import Home
from schemas.cell import CellStarted, CellStopped
from schemas.envelope import AnyEvent, Event, Slice, Step
from schemas.identity import event_id
from schemas.market import Bar, PriceType
from schemas.order import (
    Check,
    OrderAccepted,
    OrderApproved,
    OrderFilled,
    OrderRejected,
    OrderRequested,
    OrderSubmitted,
    OrderType,
    OrderVetoed,
    Side,
    Ticket,
)
from schemas.portfolio import PortfolioValued
from schemas.position import PositionChanged
from schemas.quantities import Money
from schemas.registry import Payload
from schemas.signal import SignalRaised, SignalWithheld
from tests.support.batches import EURUSD, START_NS, quotes

RUN = "ema-cross-c0ffc0ff"
SOURCE = "fxcm-eurusd"
VENUE = "venue.FXCM"
STRATEGY = "strategies.ema_cross"
SIZING = "portfolio.sizing"
RISK = "risk.pre_trade"
POSITIONS = "portfolio.positions"
VALUATION = "portfolio.valuation"


class Writing:
    """Writes steps one by one; the test says what is in them and what caused it."""

    def __init__(self, home: Home, run: str) -> None:
        self._run = run
        self._writer = SqliteJournal(home.run_dir(run).journal, Durability.PROCESS_CRASH).open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()

    def step(
        self, taken: AnyEvent, outputs: Sequence[AnyEvent] = (), slices: tuple[Slice, ...] = ()
    ) -> None:
        """Append one step."""
        head = self._writer.head
        self._writer.append(
            Step(
                cell="main",
                run=self._run,
                seq=head.next_seq,
                epoch=1,
                prev_hash=head.prev_hash,
                ts=taken.ts,
                ts_recorded=taken.ts,
                slices=slices,
                input=taken,
                outputs=tuple(outputs),
            )
        )


def given(name: str, author: str, ts: int, payload: Payload, cause: str = "") -> AnyEvent:
    """An input; a first cause where no other is named."""
    return Event(
        id=name,
        author=author,
        cause=cause or name,
        correlation=cause or name,
        ts=ts,
        ts_recorded=ts,
        payload=payload,
    )


def answer(author: str, cause: AnyEvent, payload: Payload, ordinal: int = 0) -> AnyEvent:
    """What a decider said because of an event."""
    return Event(
        id=event_id(author, cause.id, ordinal),
        author=author,
        cause=cause.id,
        correlation=cause.correlation,
        ts=cause.ts,
        ts_recorded=cause.ts,
        payload=payload,
    )


def tick_ts(number: int) -> int:
    """When the ``number``-th tick of the handmade market came."""
    return START_NS + number


def write_market(home: Home, rows: int = 100) -> None:
    """A hundred quotes whose bid is their number."""
    with SqliteMarketLog(home.market).open(SOURCE) as writer:
        writer.append(BatchKind.QUOTES, EURUSD, quotes(0, rows), checkpoint=b"")
        writer.seal()


def bar_at(number: int) -> AnyEvent:
    """A bar that the ``number``-th tick closed."""
    price = Decimal(number).scaleb(-5)
    bar = Bar(
        instrument=EURUSD.instrument,
        interval="1s",
        price_type=PriceType.MID,
        open=price,
        high=price,
        low=price,
        close=price,
        volume=Decimal(1),
        ts_open=tick_ts(number) - 10,
        ts_close=tick_ts(number),
    )
    return given(
        f"bar/{EURUSD.instrument}/1s/{tick_ts(number)}",
        VENUE,
        tick_ts(number),
        bar,
        cause=f"{SOURCE}:{number}",
    )


def ticket(order: str, side: Side, quantity: int = 1000) -> Ticket:
    """A market order."""
    return Ticket(
        client_order_id=order,
        strategy=STRATEGY,
        instrument=EURUSD.instrument,
        side=side,
        quantity=Decimal(quantity),
    )


def started() -> CellStarted:
    """What a cell says first."""
    return CellStarted(
        code_hash="c0de" * 8,
        config_hash="c0ff" * 8,
        deciders=(STRATEGY, SIZING, RISK),
        configuration='{"strategy":"ema_cross"}',
        version="0.1.0",
    )


def filled(order: str, trade: str, side: Side, price: str) -> OrderFilled:
    """The venue traded all of an order."""
    return OrderFilled(
        client_order_id=order,
        instrument=EURUSD.instrument,
        strategy=STRATEGY,
        trade_id=trade,
        side=side,
        quantity=Decimal(1000),
        price=Decimal(price),
        commission=Money(Decimal("0.02"), "USD"),
        liquidity="taker",
    )


def changed(trade: str, quantity: int, realised: str, commissions: str) -> PositionChanged:
    """The position after a trade."""
    return PositionChanged(
        instrument=EURUSD.instrument,
        strategy=STRATEGY,
        quantity=Decimal(quantity),
        average_price=Decimal("0.00012") if quantity else None,
        realised=Money(Decimal(realised), "USD"),
        realised_total=Money(Decimal(realised), "USD"),
        commission_total=Money(Decimal(commissions), "USD"),
        trade_id=trade,
    )


def valued(equity: str, peak: str, drawdown: float) -> PortfolioValued:
    """The account at a moment."""
    return PortfolioValued(
        account="main",
        currency="USD",
        balance=Decimal(equity),
        unrealised=Decimal(0),
        equity=Decimal(equity),
        exposure=Decimal(0),
        peak=Decimal(peak),
        drawdown=drawdown,
    )


def decided(closed: AnyEvent, side: Side) -> tuple[AnyEvent, AnyEvent, str]:
    """A signal on a bar and the order that sizing asks for because of it, with the order's id."""
    wish = SignalRaised(
        instrument=EURUSD.instrument, direction="long" if side is Side.BUY else "flat"
    )
    signal = answer(STRATEGY, closed, wish)
    order = event_id(SIZING, signal.id, 0)
    return signal, answer(SIZING, signal, OrderRequested(ticket=ticket(order, side))), order


def write_run(home: Home, run: str = RUN, reason: str = "1000000") -> None:
    """A bought and sold position, then an order that was vetoed and a signal that was withheld.

    Args:
        reason: the value that the veto names.
    """
    with Writing(home, run) as journal:
        journal.step(given("start", "cell", tick_ts(0), started()))
        _bought(journal)
        _sold(journal)
        _stopped(journal, reason)
        journal.step(given("stop", "cell", tick_ts(99), CellStopped(reason="finished")))


def _bought(journal: Writing) -> None:
    closed = bar_at(10)
    signal, request, order = decided(closed, Side.BUY)
    checks = (Check("notional", "2000000", "1390"),)
    approval = answer(RISK, request, OrderApproved(ticket=ticket(order, Side.BUY), checks=checks))
    worth = answer(VALUATION, closed, valued("10000.00", "10000.00", 0.0))
    journal.step(closed, (worth, signal, request, approval), (Slice(SOURCE, 0, 10),))
    submitted = OrderSubmitted(
        client_order_id=order, instrument=EURUSD.instrument, strategy=STRATEGY
    )
    accepted = OrderAccepted(
        client_order_id=order,
        instrument=EURUSD.instrument,
        strategy=STRATEGY,
        side=Side.BUY,
        type=OrderType.MARKET,
        quantity=Decimal(1000),
    )
    said = (("submitted", 11, submitted), ("accepted", 12, accepted))
    for word, number, payload in said:
        journal.step(
            given(f"{order}/{word}", VENUE, tick_ts(number), payload, cause=approval.id),
            slices=(Slice(SOURCE, number, number),),
        )
    fill = given(
        "T-1", VENUE, tick_ts(13), filled(order, "T-1", Side.BUY, "0.00012"), cause=approval.id
    )
    change = answer(POSITIONS, fill, changed("T-1", 1000, "0.00", "0.02"))
    worth = answer(VALUATION, fill, valued("9990.00", "10000.00", 0.001))
    journal.step(fill, (change, worth), (Slice(SOURCE, 13, 13),))


def _sold(journal: Writing) -> None:
    closed = bar_at(40)
    signal, request, order = decided(closed, Side.SELL)
    approval = answer(RISK, request, OrderApproved(ticket=ticket(order, Side.SELL), checks=()))
    journal.step(closed, (signal, request, approval), (Slice(SOURCE, 14, 40),))
    fill = given(
        "T-2", VENUE, tick_ts(41), filled(order, "T-2", Side.SELL, "0.00041"), cause=approval.id
    )
    change = answer(POSITIONS, fill, changed("T-2", 0, "0.29", "0.04"))
    worth = answer(VALUATION, fill, valued("10100.00", "10100.00", 0.0))
    journal.step(fill, (change, worth), (Slice(SOURCE, 41, 41),))


def _stopped(journal: Writing, reason: str) -> None:
    closed = bar_at(60)
    signal, request, order = decided(closed, Side.BUY)
    failed = Check("notional", "500000", reason)
    veto = answer(RISK, request, OrderVetoed(ticket=ticket(order, Side.BUY), failed=failed))
    journal.step(closed, (signal, request, veto), (Slice(SOURCE, 42, 60),))
    leg = OrderRejected(
        client_order_id="leg-SL",
        instrument=EURUSD.instrument,
        strategy=STRATEGY,
        reason="stop price was in the market",
    )
    journal.step(given("leg-SL/rejected", VENUE, tick_ts(60), leg))
    later = bar_at(80)
    withheld = SignalWithheld(
        instrument=EURUSD.instrument, direction="long", rule="warm_up", limit="26", value="12"
    )
    journal.step(later, (answer(STRATEGY, later, withheld),), (Slice(SOURCE, 61, 80),))
