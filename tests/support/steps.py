"""Steps for a journal: small, whole, and each different from the others."""

from decimal import Decimal

from events.journal import Head, JournalWriter
from schemas.envelope import AnyEvent, Event, Slice, Step
from schemas.identity import event_id
from schemas.market import Bar, PriceType
from schemas.registry import Payload
from schemas.signal import SignalRaised

STRATEGY = "strategies.ema_cross"
MINUTE_NS = 60_000_000_000


def bar(number: int) -> Bar:
    """The ``number``-th minute's bar, whose close is its number of ticks above 1.39."""
    price = Decimal("1.39000") + Decimal(number).scaleb(-5)
    return Bar(
        instrument="EUR/USD.FXCM",
        interval="1m",
        price_type=PriceType.BID,
        open=Decimal("1.39000"),
        high=price,
        low=Decimal("1.39000"),
        close=price,
        volume=Decimal(number),
        ts_open=number * MINUTE_NS,
        ts_close=(number + 1) * MINUTE_NS,
    )


def signal(number: int) -> SignalRaised:
    """A decision that the ``number``-th bar could have caused."""
    return SignalRaised(instrument="EUR/USD.FXCM", direction="long", reason={"close_ticks": number})


def event(number: int, payload: Payload, *, author: str = STRATEGY, cause: str = "") -> AnyEvent:
    """An event at the ``number``-th minute."""
    return Event(
        id=event_id(author, cause or f"minute {number}", 0),
        author=author,
        cause=cause or f"minute {number}",
        correlation=f"minute {number}",
        ts=number * MINUTE_NS,
        ts_recorded=number * MINUTE_NS + 1,
        payload=payload,
    )


def step_at(head: Head, *, epoch: int = 1) -> Step:
    """The step that goes on ``head``: a bar, and the signal raised because of it."""
    number = head.next_seq
    closed = event(number, bar(number), author="clock")
    return Step(
        cell="fxcm",
        run="run-1",
        seq=number,
        epoch=epoch,
        prev_hash=head.prev_hash,
        ts=closed.ts,
        ts_recorded=closed.ts_recorded,
        slices=(Slice("fxcm-eurusd", number * 10, number * 10 + 9),),
        input=closed,
        outputs=(event(number, signal(number), cause=closed.id),),
    )


def append_steps(writer: JournalWriter, count: int, *, epoch: int = 1) -> None:
    """Put ``count`` steps on a journal's head."""
    for _ in range(count):
        writer.append(step_at(writer.head, epoch=epoch))
