"""A simulated venue on NautilusTrader's Rust engine, fed window by window."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from nautilus_trader import model

from actors.execution.nautilus.agenda import Agenda
from actors.execution.nautilus.bar_builder import BarBuilder, ClosedBar
from actors.execution.nautilus.book import OrderBook
from actors.execution.nautilus.config import LatencyConfig, VenueConfig
from actors.execution.nautilus.desk import OrderDesk
from actors.execution.nautilus.engine import Engine
from actors.execution.nautilus.errors import VenueSetupError
from actors.execution.nautilus.feed import Feed
from actors.execution.nautilus.hand import Hand, Trader
from actors.execution.nautilus.mailbox import Mailbox
from actors.execution.nautilus.reporter import Reporter
from actors.execution.nautilus.statistics import Statistics
from actors.execution.nautilus.stretch import Stretch
from actors.execution.nautilus.tape import Tape
from actors.execution.nautilus.translate.bars import interval_ns, to_bar_type
from actors.execution.nautilus.translate.instruments import instrument_id
from actors.execution.nautilus.translate.ticks import to_ticks
from actors.execution.nautilus.unfolded import unfolded
from actors.execution.venue import BarStream, Listener, Subscriptions, Window
from actors.kit.inputs import Input
from schemas.envelope import Event
from schemas.market import Instrument, PriceType
from schemas.order import OrderApproved, OrderCancelRequested
from schemas.quantities import Nanoseconds
from schemas.timer import TimerFired

_FIRST_ROWS: Final = 64
"""What the engine is shown at once when an order begins to work; twice as much each time after."""

_MOST_ROWS: Final = 4_000
"""The fastest of 1,000 to 100,000."""

_CLOSED_KEPT: Final = 1_000
"""Enough that to look through them is rare, and few enough that nobody sees them in memory."""


class NautilusVenue:
    """Implements ``SimulatedVenue``: several venues and accounts in one engine.

    What is asked of it before the first window waits for the first tick. What is asked between two
    windows takes effect in the next one, and the listener is called from ``advance`` and ``finish``
    only.

    The engine is shown the market only while something in it depends on that: an order works, or
    somebody listens to single ticks. Bars are put together beside it, and otherwise it learns the
    last prices when an order comes.
    """

    def __init__(
        self,
        instruments: Sequence[Instrument],
        venues: Sequence[VenueConfig],
        *,
        every_tick: bool = False,
        keeping: int = _CLOSED_KEPT,
    ) -> None:
        """Build the engine.

        Args:
            every_tick: show it the whole market. Nothing comes out differently, only later.
            keeping: how many closed orders it may hold. Nothing but its own statistics comes out
                differently.

        Raises:
            VenueSetupError: an instrument's terms are impossible, or its venue is not configured.
        """
        self._instruments: Final = {instrument.id: instrument for instrument in instruments}
        self._venues: Final = {config.name: config for config in venues}
        self._engine: Final = Engine(instruments, venues)
        self._tape: Final = Tape(self._instruments)
        self._feed: Final = Feed()
        self._agenda: Final = Agenda()
        self._mailbox: Final = Mailbox()
        book = OrderBook()
        self._reporter: Final = Reporter(
            self._mailbox, self._tape, book, self._opened, self._reached
        )
        self._hand: Final = Hand(self._reporter, 1)
        self._desk: Final = OrderDesk(self._hand, book, self._mailbox, self._instruments)
        self._engine.add_strategy(self._hand)
        self._builders: list[BarBuilder] = []
        self._subscriptions = Subscriptions()
        self._sees_all = every_tick or self._acts_by_itself()
        self._keeping: Final = keeping
        self._rows_ahead = _FIRST_ROWS
        self._held: list[Callable[[], None]] = []
        self._now: Nanoseconds = -1
        self._running_until: Nanoseconds | None = None
        self._started = self._working = self._disposed = False

    def start(self, subscriptions: Subscriptions, listener: Listener) -> None:
        """Get ready; call once, before the first window.

        Raises:
            VenueSetupError: something is subscribed that no venue trades, or that cannot be built.
        """
        wanted = {stream.instrument for stream in subscriptions.bars}
        unknown = (wanted | subscriptions.quotes | subscriptions.trades) - set(self._instruments)
        if unknown:
            raise VenueSetupError(f"subscribed, and traded nowhere: {', '.join(sorted(unknown))}")
        self._builders = [self._builder(stream) for stream in sorted(set(subscriptions.bars))]
        self._reporter.expect(frozenset(subscriptions.bars))
        for number, strategy in enumerate(subscriptions.traders, 2):
            trader = Trader(self._reporter, number)
            self._engine.add_strategy(trader)
            self._desk.admit(strategy, trader)
            self._reporter.traders[trader.strategy_id] = strategy
        self._subscriptions = subscriptions
        self._sees_all |= bool(subscriptions.quotes or subscriptions.trades)

        def hear(given: Input) -> None:
            self._now = given.ts
            listener(given)

        self._mailbox.address(hear)

    def advance(self, window: Window) -> None:
        """Let the market move through a window.

        Raises:
            OutOfOrder: a row is older than one before it.
            VenueSetupError: a record is of an instrument that is not traded here.
            BaseException: what the listener raised, now or before.
        """
        self._mailbox.raise_failure()
        stretches = self._tape.enter(window)
        self._reporter.enter_window()
        with self._mailbox.opened():
            if stretches:
                self._agenda.close(self._bars_closed())
                self._feed.enter(stretches)
                self._pass_through()

    def submit(self, approved: Event[OrderApproved]) -> None:
        """Take an order; one that is not fit to be sent is answered with a rejection."""
        self._in_engine(lambda: self._submit(approved))

    def cancel(self, request: Event[OrderCancelRequested]) -> None:
        """Withdraw an order or a bracket's leg; one that is closed already is left alone."""
        self._in_engine(lambda: self._cancel(request))

    def set_timer(self, owner: str, name: str, at: Nanoseconds) -> None:
        """Report ``timer.fired`` when market time reaches ``at``; setting a name again moves it."""
        free = self._agenda.forget(owner, name)
        if free is not None and self._is_running_to(free):
            self._hand.clock.cancel_timer(str(free))
        timer = TimerFired(name=name, at=at, owner=owner)
        if self._started and at <= self._now:
            self._reporter.fire(timer, self._now)
            return
        self._agenda.set(timer)
        if self._is_running_to(at):
            self._alert(at)

    def finish(self) -> None:
        """Market time is over. Bars and timers due at the last tick were reported with it.

        A bar that is open then stays unreported: nobody knows how it would have closed.

        Raises:
            BaseException: what the listener raised, now or before.
        """
        with self._mailbox.opened():
            if self._started:
                self._engine.end()

    def results(self) -> Statistics:
        """Statistics by Nautilus' analyser, of what it still holds; ask after ``finish``."""
        return self._engine.results()

    def balances(self) -> Sequence[tuple[str, str, str]]:
        """(venue, currency, exact total) of every account."""
        found = []
        for name in self._venues:
            account = self._hand.portfolio.account(venue=model.Venue(name))
            totals = {} if account is None else account.balances_total()
            found += [
                (name, currency.code, str(money.as_decimal())) for currency, money in totals.items()
            ]
        return sorted(found)

    def close(self) -> None:
        """Let go of the engine; nothing else can be asked of the venue afterwards.

        Nautilus' objects may be dropped by the thread that made them only. Without cycles they go
        with the last reference to the venue, and no other thread's collector finds them.
        """
        if not self._disposed:
            self._engine.dispose()
            self._mailbox.close()
            self._reporter.forget()
            self._held.clear()
        self._disposed = True

    # ------------------------------------------------------------------------ time passes

    def _pass_through(self) -> None:
        """Let everything happen up to the window's end."""
        if not self._started:
            self._run(self._feed.opens)
        while True:
            if not (self._sees_all or self._working):
                if not self._wait():
                    return
            elif self._feed.left:
                self._run(self._feed.ahead(_MOST_ROWS if self._sees_all else self._rows_ahead))
                self._rows_ahead = min(2 * self._rows_ahead, _MOST_ROWS)
            else:
                return

    def _wait(self) -> bool:
        """Go on to what happens next, past the engine; false when nothing does in this window."""
        self._rows_ahead = _FIRST_ROWS
        ts = self._agenda.next()
        if self._held:  # since the last window
            ts = min(self._feed.opens, ts or self._feed.opens)
        if ts is None or ts > self._tape.now:
            return False
        self._happen(ts)
        if self._held:
            self._act(ts)
        return True

    def _run(self, until: Nanoseconds) -> None:
        """Show the engine all rows up to a time."""
        with self._running(until):
            if self._started:
                self._alert_of_all()
            if self._held:
                self._alert(self._feed.opens)
            self._show(self._feed.show(until))

    def _act(self, ts: Nanoseconds) -> None:
        """Have the engine do at ``ts`` what was asked of it."""
        with self._running(ts):
            missed = self._feed.catch_up(ts)
            if missed:
                self._show(missed)
            self._alert(ts)
            self._engine.reach(ts)

    def _show(self, stretches: Sequence[Stretch]) -> None:
        unknown = self._size_when_unknown
        self._engine.show([to_ticks(s, unknown(s.record.terms.instrument)) for s in stretches])

    @contextmanager
    def _running(self, until: Nanoseconds) -> Iterator[None]:
        self._running_until = until
        try:
            yield
        finally:
            self._running_until = None
        self._mailbox.raise_failure()
        self._working = self._engine.working
        self._engine.forget_closed(until, self._keeping)

    def _happen(self, ts: Nanoseconds) -> None:
        for moment in self._agenda.due(ts):
            if isinstance(moment, ClosedBar):
                self._reporter.closed(moment)
            else:
                self._reporter.fire(moment)

    # --------------------------------------------------------------------- the engine calls

    def _opened(self) -> None:
        """Its clock stands at the first row, and orders can be sent."""
        self._started = True
        self._now = self._feed.opens
        for name in sorted(self._subscriptions.quotes):
            self._hand.subscribe_quotes(instrument_id(name))
        for name in sorted(self._subscriptions.trades):
            self._hand.subscribe_trades(instrument_id(name))
        self._alert_of_all()
        self._do_what_was_held()

    def _reached(self) -> None:
        """Its clock stands where it was to alert us."""
        self._happen(self._hand.clock.timestamp_ns())
        self._do_what_was_held()

    def _do_what_was_held(self) -> None:
        held, self._held = self._held, []
        for command in held:
            command()

    def _in_engine(self, command: Callable[[], None]) -> None:
        if self._running_until is not None and self._started:
            command()
        else:
            self._held.append(command)

    def _submit(self, approved: Event[OrderApproved]) -> None:
        self._desk.submit(approved)
        instrument = approved.payload.ticket.instrument
        self._expect(instrument, lambda latency: latency.insert_ns)

    def _cancel(self, request: Event[OrderCancelRequested]) -> None:
        self._desk.cancel(request)
        self._expect(request.payload.instrument, lambda latency: latency.cancel_ns)

    def _expect(self, instrument: str, way: Callable[[LatencyConfig], Nanoseconds]) -> None:
        """What is under way takes effect at the first row at or after its arrival, or at the end of
        an interval of which somebody wants bars: there Nautilus looks at its clock, row or not.
        """
        venue = self._venues.get(instrument.rpartition(".")[2])
        if venue is None or venue.latency == LatencyConfig() or not self._builders:
            return
        arrival = self._hand.clock.timestamp_ns() + venue.latency.base_ns + way(venue.latency)
        at = min(builder.end_of_interval(arrival) for builder in self._builders)
        self._agenda.expect(at)
        if self._is_running_to(at):
            self._alert(at)

    def _alert_of_all(self) -> None:
        assert self._running_until is not None, "alerts are for a run"
        for ts in self._agenda.until(self._running_until):
            self._alert(ts)

    def _is_running_to(self, ts: Nanoseconds) -> bool:
        """Whether the engine will come to a time before it is asked again."""
        return self._running_until is not None and ts <= self._running_until

    def _alert(self, ts: Nanoseconds) -> None:
        self._hand.clock.set_time_alert_ns(str(ts), ts)

    # ----------------------------------------------------------------------------- set-up

    def _acts_by_itself(self) -> bool:
        """Whether a venue does something without an order: that takes every price."""
        expiring = any(instrument.expiry is not None for instrument in self._instruments.values())
        return expiring or any(
            config.liquidation is not None or config.liquidity_consumption
            for config in self._venues.values()
        )

    def _builder(self, stream: BarStream) -> BarBuilder:
        instrument = self._instruments[stream.instrument]
        length = interval_ns(to_bar_type(stream))
        return BarBuilder(stream, length, instrument.price_precision, instrument.size_precision)

    def _bars_closed(self) -> list[ClosedBar]:
        closed: list[ClosedBar] = []
        for builder in self._builders:
            stream = builder.stream
            quoting = stream.price_type is not PriceType.LAST
            stretches = self._tape.of_series(stream.instrument, quoting=quoting)
            unknown = self._size_when_unknown(stream.instrument)
            moved = [unfolded(stretch, unknown) for stretch in stretches]
            closed += builder.closed(moved, self._tape.now)
        return sorted(closed, key=lambda each: each.bar.ts_close)

    def _size_when_unknown(self, instrument: str) -> int:
        terms = self._instruments[instrument]
        unknown = self._venues[terms.venue].size_when_unknown
        return int(unknown.scaleb(terms.size_precision))
