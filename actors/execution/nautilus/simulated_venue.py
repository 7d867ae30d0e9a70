"""A simulated venue on NautilusTrader's Rust engine, fed window by window."""

from collections.abc import Callable, Sequence
from typing import Final

from nautilus_trader import backtest, common, data, model

from actors.execution.nautilus.book import OrderBook
from actors.execution.nautilus.config import VenueConfig
from actors.execution.nautilus.desk import OrderDesk
from actors.execution.nautilus.errors import VenueSetupError
from actors.execution.nautilus.hand import Hand, Trader
from actors.execution.nautilus.mailbox import Mailbox
from actors.execution.nautilus.reporter import Reporter
from actors.execution.nautilus.statistics import Statistics, register, statistics_of_run
from actors.execution.nautilus.stretch import Stretch
from actors.execution.nautilus.tape import Tape
from actors.execution.nautilus.translate.bars import to_bar_type
from actors.execution.nautilus.translate.instruments import instrument_id, to_instrument
from actors.execution.nautilus.translate.ticks import Tick, to_ticks
from actors.execution.nautilus.translate.venues import add_venue
from actors.execution.venue import Listener, Subscriptions, Window
from schemas.envelope import Event
from schemas.market import Instrument
from schemas.order import OrderApproved, OrderCancelRequested
from schemas.quantities import Nanoseconds
from schemas.timer import TimerFired


class NautilusVenue:
    """Implements ``SimulatedVenue``: several venues and accounts in one engine.

    What is asked of it before the first window waits for the first tick. What is asked between two
    windows takes effect in the next one, and the listener is called from ``advance`` and ``finish``
    only. Nautilus allows one engine at a time in a thread: close one before starting another.
    """

    def __init__(self, instruments: Sequence[Instrument], venues: Sequence[VenueConfig]) -> None:
        """Build the engine.

        Raises:
            VenueSetupError: an instrument's terms are impossible, or its venue is not configured.
        """
        self._instruments: Final = {instrument.id: instrument for instrument in instruments}
        self._venues: Final = {config.name: config for config in venues}
        self._engine: Final = _engine(list(self._instruments.values()), list(self._venues.values()))
        self._tape: Final = Tape(self._instruments)
        self._mailbox: Final = Mailbox()
        book = OrderBook()
        self._reporter: Final = Reporter(self._mailbox, self._tape, book, self._opened)
        self._hand: Final = Hand(self._reporter, 1)
        self._desk: Final = OrderDesk(self._hand, book, self._mailbox, self._instruments)
        self._engine.add_strategy(self._hand)
        self._subscriptions = Subscriptions()
        self._held: list[Callable[[], None]] | None = []
        self._disposed = False

    def start(self, subscriptions: Subscriptions, listener: Listener) -> None:
        """Get ready; call once, before the first window.

        Raises:
            VenueSetupError: something is subscribed that no venue trades, or that cannot be built.
        """
        wanted = {stream.instrument for stream in subscriptions.bars}
        unknown = (wanted | subscriptions.quotes | subscriptions.trades) - set(self._instruments)
        if unknown:
            raise VenueSetupError(f"subscribed, and traded nowhere: {', '.join(sorted(unknown))}")
        self._reporter.expect(frozenset(subscriptions.bars))
        for number, strategy in enumerate(subscriptions.traders, 2):
            trader = Trader(self._reporter, number)
            self._engine.add_strategy(trader)
            self._desk.admit(strategy, trader)
            self._reporter.traders[trader.strategy_id] = strategy
        self._subscriptions = subscriptions
        self._mailbox.address(listener)

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
            if not stretches:
                return
            for number, stretch in enumerate(stretches, 1):
                ticks = self._ticks(stretch)
                # Sorting is stable, so the last one puts all of them into order of time.
                self._engine.add_data(ticks, validate=False, sort=number == len(stretches))
            self._engine.run(streaming=True)
            self._engine.clear_data()

    def submit(self, approved: Event[OrderApproved]) -> None:
        """Take an order; one that is not fit to be sent is answered with a rejection."""
        self._when_open(lambda: self._desk.submit(approved))

    def cancel(self, request: Event[OrderCancelRequested]) -> None:
        """Withdraw an order or a bracket's leg; one that is closed already is left alone."""
        self._when_open(lambda: self._desk.cancel(request))

    def set_timer(self, owner: str, name: str, at: Nanoseconds) -> None:
        """Report ``timer.fired`` when market time reaches ``at``; setting a name again moves it."""
        self._when_open(lambda: self._set_timer(TimerFired(name=name, at=at, owner=owner)))

    def finish(self) -> None:
        """Market time is over. Bars and timers due at the last tick were reported with it.

        A bar that is open then stays unreported: nobody knows how it would have closed.

        Raises:
            BaseException: what the listener raised, now or before.
        """
        with self._mailbox.opened():
            if self._held is None:
                self._engine.end()

    def results(self) -> Statistics:
        """Statistics by Nautilus' analyser; ask after ``finish``."""
        return statistics_of_run(self._engine)

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
        self._disposed = True

    def _when_open(self, command: Callable[[], None]) -> None:
        if self._held is None:
            command()
        else:
            self._held.append(command)

    def _opened(self) -> None:
        for stream in sorted(set(self._subscriptions.bars)):
            self._hand.subscribe_bars(to_bar_type(stream))
        for name in sorted(self._subscriptions.quotes):
            self._hand.subscribe_quotes(instrument_id(name))
        for name in sorted(self._subscriptions.trades):
            self._hand.subscribe_trades(instrument_id(name))
        held, self._held = self._held or [], None
        for command in held:
            command()

    def _set_timer(self, timer: TimerFired) -> None:
        alert = f"{timer.owner}/{timer.name}"
        if self._reporter.timers.pop(alert, None) is not None:
            self._hand.clock.cancel_timer(alert)
        now = self._hand.clock.timestamp_ns()
        if timer.at <= now:
            self._reporter.fire(timer, now)
            return
        self._reporter.timers[alert] = timer
        self._hand.clock.set_time_alert_ns(alert, timer.at)

    def _ticks(self, stretch: Stretch) -> list[Tick]:
        instrument = self._instruments[stretch.record.terms.instrument]
        unknown = self._venues[instrument.venue].size_when_unknown
        return to_ticks(stretch, int(unknown.scaleb(instrument.size_precision)))


def _engine(
    instruments: Sequence[Instrument], venues: Sequence[VenueConfig]
) -> backtest.BacktestEngine:
    engine = backtest.BacktestEngine(
        backtest.BacktestEngineConfig(
            logging=common.LoggerConfig(bypass_logging=True),
            # Nobody asks it for more than the last tick; it would keep ten thousand.
            cache=common.CacheConfig(tick_capacity=1, bar_capacity=1),
            # Where the market was silent there is no bar: a weekend is not thousands of flat ones.
            data_engine=data.DataEngineConfig(time_bars_build_with_no_updates=False),
        )
    )
    homeless = sorted(i.id for i in instruments if i.venue not in {v.name for v in venues})
    if homeless:
        raise VenueSetupError(f"no venue is configured for {', '.join(homeless)}")
    for config in venues:
        traded = [instrument for instrument in instruments if instrument.venue == config.name]
        add_venue(engine, config, traded)
        for instrument in traded:
            engine.add_instrument(to_instrument(instrument))
    register(engine)
    return engine
