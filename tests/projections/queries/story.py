"""A run small enough to check by hand: ten minutes of quotes, and five orders.

Second ``k`` has one quote: its bid is 1.10000 + k * 0.00001, its ask 0.00002 above.
"""

from decimal import Decimal
from typing import Final

import pyarrow as pa

from events.backends.memory.journal import MemoryJournal
from events.backends.memory.market_log import MemoryMarketLog
from events.batches import LAYOUTS, TIME, BatchKind, Terms
from events.codecs.json import encode_payload
from events.journal import JournalWriter
from projections.projector import Projector
from projections.store.port import Store
from schemas.cell import CellStarted, CellStopped
from schemas.envelope import AnyEvent, Event, Slice, Step
from schemas.market import Gap, MarketSlice, Refused
from schemas.order import (
    Check,
    OrderApproved,
    OrderFilled,
    OrderRequested,
    OrderSubmitted,
    OrderVetoed,
    Side,
    Ticket,
)
from schemas.portfolio import PortfolioValued
from schemas.position import PositionChanged
from schemas.quantities import SECOND_NS, Money
from schemas.registry import Payload
from schemas.signal import SignalRaised, SignalWithheld

RUN: Final = "story"
SOURCE: Final = "quotes of the story"
INSTRUMENT: Final = "EUR/USD.FXCM"
STRATEGY: Final = "strategies.story"
START_NS: Final = 1_399_507_200 * SECOND_NS
SECONDS: Final = 600

type Said = tuple[str, str, Payload]
"""An event's id, its cause (empty for a first cause) and its payload."""


def at(second: int) -> int:
    """A time of the story in nanoseconds."""
    return START_NS + second * SECOND_NS


def tell(store: Store) -> None:
    """Record the story and project it."""
    journal = MemoryJournal()
    with journal.open() as writer:
        _play(Author(writer))
    Projector(store, market(), journal, RUN).run(until=lambda: True)


class Author:
    """Writes steps; every event is recorded a millisecond after the one before."""

    def __init__(self, writer: JournalWriter) -> None:
        self._writer = writer
        self._recorded = 0
        self._consumed = 0

    def step(self, second: int, *said: Said, consumed: int | None = None) -> None:
        """An input and its outputs at a second, when all quotes up to it were consumed."""
        happened = [self._event(second, *each) for each in said]
        end = second + 1 if consumed is None else consumed
        slices = (Slice(SOURCE, self._consumed, end - 1),) if end > self._consumed else ()
        self._consumed = end
        head = self._writer.head
        step = Step(
            cell="fx",
            run=RUN,
            seq=head.next_seq,
            epoch=1,
            prev_hash=head.prev_hash,
            ts=at(second),
            ts_recorded=happened[0].ts_recorded,
            slices=slices,
            input=happened[0],
            outputs=tuple(happened[1:]),
        )
        self._writer.append(step)

    def order(self, second: int, name: str, side: Side, quantity: int) -> None:
        """A signal that becomes an order, which the venue gets."""
        asked = _ticket(name, side, quantity)
        raised = SignalRaised(instrument=INSTRUMENT, direction="long")
        self.step(
            second,
            (f"{name} input", "", MarketSlice()),
            (f"{name} signal", f"{name} input", raised),
            (f"{name} request", f"{name} signal", OrderRequested(ticket=asked)),
            (f"{name} approval", f"{name} request", OrderApproved(ticket=asked, checks=_PASSED)),
        )
        submitted = OrderSubmitted(client_order_id=name, instrument=INSTRUMENT, strategy=STRATEGY)
        self.step(second + 1, (f"{name} submission", f"{name} approval", submitted))

    def fill(self, second: int, name: str, fill: tuple[Side, int, str, str], after: Said) -> None:
        """A fill of (side, quantity, price, commission), and the position that it makes."""
        side, quantity, price, commission = fill
        filled = OrderFilled(
            client_order_id=name,
            instrument=INSTRUMENT,
            strategy=STRATEGY,
            trade_id=f"{name} trade",
            side=side,
            quantity=Decimal(quantity),
            price=Decimal(price),
            commission=Money(Decimal(commission), "USD"),
            liquidity="taker",
        )
        self.step(second, (f"{name} fill", f"{name} approval", filled), after)

    def _event(self, second: int, name: str, cause: str, payload: Payload) -> AnyEvent:
        self._recorded += 1
        return Event(
            id=name,
            author=STRATEGY,
            cause=cause or name,
            correlation=cause or name,
            ts=at(second),
            ts_recorded=START_NS + self._recorded * 1_000_000,
            payload=payload,
        )


_PASSED: Final = (Check("position", "1000", "100"), Check("notional", "5000", "110"))


def _play(author: Author) -> None:
    started = CellStarted(
        code_hash="c0de", config_hash="c0f1", deciders=(), configuration="{}", version="0.1"
    )
    author.step(0, ("started", "", started), consumed=0)
    author.order(10, "A", Side.BUY, 100)
    author.fill(11, "A", (Side.BUY, 100, "1.10013", "0.02"), _position("A", 100, "0", "0"))
    author.order(20, "B", Side.SELL, 300)
    author.fill(
        21, "B", (Side.SELL, 300, "1.10021", "0.06"), _position("B", -200, "0.008", "0.008")
    )
    author.order(30, "C", Side.BUY, 200)
    flat = _position("C", 0, "-0.024", "-0.016")
    author.fill(31, "C", (Side.BUY, 200, "1.10033", "0.04"), flat)
    _refuse(author)
    for second, equity in ((50, 1000), (60, 1010), (70, 990), (80, 1010), (90, 1000), (99, 1020)):
        author.step(second, (f"input {second}", "", MarketSlice()), _valued(second, equity))
    author.order(594, "D", Side.BUY, 50)
    author.fill(595, "D", (Side.BUY, 50, "1.10597", "0.01"), _position("D", 50, "0", "-0.016"))
    author.step(600, ("valuation input", "", MarketSlice()), _valued(600, 1015))
    stopped = CellStopped(reason="finished")
    author.step(600, ("stopped", "", stopped), consumed=SECONDS + 1 + _facts().num_rows)


def _refuse(author: Author) -> None:
    """Two vetoes by one rule, and a signal withheld."""
    asked = _ticket("V", Side.BUY, 2000)
    vetoed = OrderVetoed(ticket=asked, failed=Check("position", "1000", "2000"), checks=_PASSED[1:])
    withheld = SignalWithheld(
        instrument=INSTRUMENT, direction="long", rule="warm_up", limit="20", value="3"
    )
    author.step(
        40,
        ("veto input", "", MarketSlice()),
        ("veto 1", "veto input", vetoed),
        ("veto 2", "veto input", vetoed),
        ("withheld 1", "veto input", withheld),
    )


def _ticket(name: str, side: Side, quantity: int) -> Ticket:
    return Ticket(
        client_order_id=name,
        strategy=STRATEGY,
        instrument=INSTRUMENT,
        side=side,
        quantity=Decimal(quantity),
    )


def _position(name: str, quantity: int, realised: str, total: str) -> Said:
    changed = PositionChanged(
        instrument=INSTRUMENT,
        strategy=STRATEGY,
        quantity=Decimal(quantity),
        average_price=None,
        realised=Money(Decimal(realised), "USD"),
        realised_total=Money(Decimal(total), "USD"),
        commission_total=Money(Decimal(0), "USD"),
        trade_id=f"{name} trade",
    )
    return f"{name} position", f"{name} fill", changed


def _valued(second: int, equity: int) -> Said:
    valued = PortfolioValued(
        account="FXCM",
        currency="USD",
        balance=Decimal(1000),
        unrealised=Decimal(equity - 1000),
        equity=Decimal(equity),
        exposure=Decimal(2 * equity),
        peak=Decimal(max(equity, 1010)),
        drawdown=0.0,
    )
    return f"valuation {second}", f"input {second}", valued


def market() -> MemoryMarketLog:
    """The quotes, then a gap and two refused rows."""
    log = MemoryMarketLog()
    seconds = range(SECONDS + 1)
    times = pa.array([at(second) for second in seconds]).cast(TIME)
    bids = pa.array([110_000 + second for second in seconds])
    asks = pa.array([110_002 + second for second in seconds])
    sizes = pa.array([1_000_000] * len(seconds))
    quotes = pa.RecordBatch.from_arrays(
        [times, times, bids, asks, sizes, sizes], schema=LAYOUTS[BatchKind.QUOTES]
    )
    with log.open(SOURCE) as writer:
        terms = Terms(instrument=INSTRUMENT, price_precision=5)
        writer.append(BatchKind.QUOTES, terms, quotes, checkpoint=b"")
        writer.append(BatchKind.FACTS, Terms(), _facts(), checkpoint=b"")
    return log


def _facts() -> pa.RecordBatch:
    said: tuple[Payload, ...] = (
        Gap(instrument=INSTRUMENT, ts_from=at(100), ts_to=at(101), expected=False),
        Refused(file="day.csv", row=7, field="bid", reason="not_a_number", raw="x,1.1"),
        Refused(file="day.csv", row=3, field="bid", reason="not_a_number", raw="y,1.1"),
    )
    columns = {
        "ts_event": [at(SECONDS)] * len(said),
        "ts_init": [at(SECONDS)] * len(said),
        "kind": [payload.KIND for payload in said],
        "version": [payload.VERSION for payload in said],
        "payload": [encode_payload(payload).decode() for payload in said],
    }
    layout = LAYOUTS[BatchKind.FACTS]
    return pa.RecordBatch.from_arrays(
        [pa.array(columns[field.name], field.type) for field in layout], schema=layout
    )
