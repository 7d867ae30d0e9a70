"""What happens in the engine, as inputs: named, timed, and with the cause of each."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

from nautilus_trader import model

from actors.execution.nautilus.book import OrderBook, WorkingOrder
from actors.execution.nautilus.mailbox import Mailbox
from actors.execution.nautilus.observed import observed
from actors.execution.nautilus.tape import Tape
from actors.execution.nautilus.translate.answers import (
    OrderEvent,
    from_bar,
    to_answer,
    to_foreign_fill,
)
from actors.execution.nautilus.translate.bars import interval_ns, to_bar_type
from actors.execution.venue import BarStream
from actors.kit.inputs import Input
from schemas.identity import bar_id
from schemas.market import PriceType
from schemas.quantities import Nanoseconds
from schemas.timer import TimerFired


@dataclass(frozen=True, slots=True, kw_only=True)
class _ExpectedBars:
    """What every bar of a stream has in common; ``name`` is its interval's in a bar's id."""

    stream: BarStream
    duration: Nanoseconds
    name: str
    author: str


class Reporter:
    """Posts an input for everything that the hand sees, and lets the mailbox deliver it."""

    def __init__(
        self, mailbox: Mailbox, tape: Tape, book: OrderBook, opened: Callable[[], None]
    ) -> None:
        self._mailbox: Final = mailbox
        self._tape: Final = tape
        self._book: Final = book
        self._opened = opened
        self._expected: dict[model.BarType, _ExpectedBars] = {}
        self._observations: dict[tuple[str, bool], Iterator[Input | None]] = {}
        self.timers: Final[dict[str, TimerFired]] = {}
        self.traders: Final[dict[model.StrategyId, str]] = {}

    def enter_window(self) -> None:
        """The tape moved on: single ticks are read from its new window."""
        self._observations = {}

    def expect(self, streams: Collection[BarStream]) -> None:
        """Say which bars will come.

        Raises:
            VenueSetupError: an interval cannot be built.
        """
        counted = Counter((stream.instrument, stream.interval) for stream in streams)
        for stream in streams:
            bar_type = to_bar_type(stream)
            # Bars of the bid and of the ask close at one time, and are two events.
            alone = counted[stream.instrument, stream.interval] == 1
            self._expected[bar_type] = _ExpectedBars(
                stream=stream,
                duration=interval_ns(bar_type),
                name=stream.interval if alone else f"{stream.interval}-{stream.price_type}",
                author=f"venue.{bar_type.instrument_id.venue}",
            )

    def forget(self) -> None:
        """Let go of who is told that the engine has started."""
        self._opened = _nobody

    def started(self) -> None:
        self._opened()
        self._mailbox.deliver()

    def bar_closed(self, bar: model.Bar) -> None:
        expected = self._expected[bar.bar_type]
        stream = expected.stream
        payload = from_bar(bar, stream, expected.duration)
        quoting = stream.price_type is not PriceType.LAST
        cause = self._tape.last_tick(stream.instrument, quoting=quoting, ts=payload.ts_close)
        given = Input(
            id=bar_id(stream.instrument, expected.name, payload.ts_close),
            author=expected.author,
            cause=cause,
            correlation=cause,
            ts=payload.ts_close,
            payload=payload,
        )
        self._tell(given)

    def quoted(self, quote: model.QuoteTick) -> None:
        self._observe(str(quote.instrument_id), quoting=True)

    def traded(self, trade: model.TradeTick) -> None:
        self._observe(str(trade.instrument_id), quoting=False)

    def answered(self, event: OrderEvent) -> None:
        order = self._order_behind(event)
        payload = None if order is None else to_answer(event, order)
        if order is not None and payload is not None:
            self._tell(self._book.answer(order, payload, event.ts_event))

    def alerted(self, name: str) -> None:
        self.fire(self.timers.pop(name))

    def fire(self, timer: TimerFired, ts: Nanoseconds | None = None) -> None:
        """Report a timer, at its own time unless told another."""
        name = f"timer/{timer.owner}/{timer.name}/{timer.at}"
        at = timer.at if ts is None else ts
        self._tell(
            Input(id=name, author="timers", cause=name, correlation=name, ts=at, payload=timer)
        )

    def failed(self, error: BaseException) -> None:
        self._mailbox.fail(error)

    def _order_behind(self, event: OrderEvent) -> WorkingOrder | None:
        """The order that was taken. Of those that the venue makes, only the fills concern us."""
        name = str(event.client_order_id)
        if name in self._book:
            return self._book[name]
        if not isinstance(event, model.OrderFilled):
            return None
        cause = self._tape.last_tick_of(str(event.instrument_id), event.ts_event)
        owner = self.traders.get(event.strategy_id)
        return self._book.adopt(name, to_foreign_fill(event), cause, owner)

    def _observe(self, instrument: str, *, quoting: bool) -> None:
        key = (instrument, quoting)
        passing = self._observations.get(key)
        if passing is None:
            passing = observed(self._tape.of_series(instrument, quoting=quoting))
            self._observations[key] = passing
        given = next(passing)
        if given is not None:
            self._tell(given)

    def _tell(self, given: Input) -> None:
        if self._mailbox.failure is None:
            self._mailbox.post(given)
            self._mailbox.deliver()


def _nobody() -> None:
    """Nobody is told."""
