"""What happens in the engine, as inputs: named, timed, and with the cause of each."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Final

from nautilus_trader import model

from actors.execution.nautilus.bar_builder import ClosedBar
from actors.execution.nautilus.book import OrderBook, WorkingOrder
from actors.execution.nautilus.mailbox import Mailbox
from actors.execution.nautilus.observed import observed
from actors.execution.nautilus.tape import Tape
from actors.execution.nautilus.translate.answers import OrderEvent, to_answer, to_foreign_fill
from actors.execution.venue import BarStream
from actors.kit.inputs import Input
from schemas.identity import bar_id
from schemas.quantities import Nanoseconds
from schemas.timer import TimerFired


class Reporter:
    """Posts an input for everything that the hand sees, and lets the mailbox deliver it."""

    def __init__(
        self,
        mailbox: Mailbox,
        tape: Tape,
        book: OrderBook,
        opened: Callable[[], None],
        reached: Callable[[], None],
    ) -> None:
        self._mailbox: Final = mailbox
        self._tape: Final = tape
        self._book: Final = book
        self._opened = opened
        self._reached = reached
        self._streams: Counter[tuple[str, str]] = Counter()
        self._observations: dict[tuple[str, bool], Iterator[Input | None]] = {}
        self.traders: Final[dict[model.StrategyId, str]] = {}

    def enter_window(self) -> None:
        """The tape moved on: single ticks are read from its new window."""
        self._observations = {}

    def expect(self, streams: Collection[BarStream]) -> None:
        """Say which bars will come."""
        self._streams.update((stream.instrument, stream.interval) for stream in streams)

    def forget(self) -> None:
        """Let go of who is told of the engine's start and of its clock."""
        self._opened = self._reached = _nobody

    def started(self) -> None:
        self._opened()
        self._mailbox.deliver()

    def alerted(self, _: str) -> None:
        self._reached()
        self._mailbox.deliver()

    def closed(self, closed: ClosedBar) -> None:
        """Report a bar whose time has come."""
        bar, cause = closed
        # Bars of the bid and of the ask close at one time, and are two events.
        alone = self._streams[bar.instrument, bar.interval] == 1
        name = bar.interval if alone else f"{bar.interval}-{bar.price_type}"
        given = Input(
            id=bar_id(bar.instrument, name, bar.ts_close),
            author=_venue_of(bar.instrument),
            cause=cause,
            correlation=cause,
            ts=bar.ts_close,
            payload=bar,
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


def _venue_of(instrument: str) -> str:
    return f"venue.{instrument.rpartition('.')[2]}"


def _nobody() -> None:
    """Nobody is told."""
