"""NautilusTrader's engine in streaming mode: shown rows, or brought to a time between them."""

from collections.abc import Sequence
from typing import Final

from nautilus_trader import backtest, common, data, model, trading

from actors.execution.nautilus.config import VenueConfig
from actors.execution.nautilus.errors import VenueSetupError
from actors.execution.nautilus.statistics import Statistics, register, statistics_of_run
from actors.execution.nautilus.translate.instruments import to_instrument
from actors.execution.nautilus.translate.ticks import Tick
from actors.execution.nautilus.translate.venues import add_venue
from schemas.market import Instrument
from schemas.quantities import Nanoseconds


class Engine:
    """Several venues and accounts. Nautilus allows one engine at a time in a thread: dispose of one
    before making another.
    """

    def __init__(self, instruments: Sequence[Instrument], venues: Sequence[VenueConfig]) -> None:
        """Build it.

        Raises:
            VenueSetupError: an instrument's terms are impossible, or its venue is not configured.
        """
        homeless = sorted(i.id for i in instruments if i.venue not in {v.name for v in venues})
        if homeless:
            raise VenueSetupError(f"no venue is configured for {', '.join(homeless)}")
        self._engine: Final = backtest.BacktestEngine(
            backtest.BacktestEngineConfig(
                logging=common.LoggerConfig(bypass_logging=True),
                # Nobody asks it for more than the last tick; it would keep ten thousand.
                cache=common.CacheConfig(tick_capacity=1, bar_capacity=1),
                data_engine=data.DataEngineConfig(),
            )
        )
        for config in venues:
            traded = [instrument for instrument in instruments if instrument.venue == config.name]
            add_venue(self._engine, config, traded)
            for instrument in traded:
                self._engine.add_instrument(to_instrument(instrument))
        register(self._engine)
        self._somewhere: Final = to_instrument(instruments[0])

    def add_strategy(self, strategy: trading.Strategy) -> None:
        """Before the first rows only."""
        self._engine.add_strategy(strategy)

    @property
    def working(self) -> bool:
        """Whether an order is not closed: it rests, is on its way, or waits for another."""
        return bool(self.orders > self._engine.cache.orders_closed_count())

    def forget_closed(self, ts: Nanoseconds, keeping: int) -> None:
        """Let go of what closed at or before ``ts``, once more than so many orders are closed.

        Nautilus keeps every order, position and account state of a run, some kilobytes an order,
        and nothing but its own statistics asks for them again. What stays is a copy of a position
        for each time that it was turned, until it is flat when this is called.
        """
        cache = self._engine.cache
        if cache.orders_closed_count() <= keeping:
            return
        cache.purge_closed_orders(ts)
        cache.purge_closed_positions(ts)
        cache.purge_account_events(ts)

    @property
    def orders(self) -> int:
        """How many orders it holds, closed ones too."""
        return int(self._engine.cache.orders_total_count())

    def show(self, ticks: Sequence[list[Tick]]) -> None:
        """Let rows pass, and whatever happens at or before the last one's time; at least one row.

        Args:
            ticks: lists that are in order of time each; of equal times an earlier list's come
                first.
        """
        for number, part in enumerate(ticks, 1):
            # Sorting is stable, so the last one puts all of them into order of time.
            self._engine.add_data(part, validate=False, sort=number == len(ticks))
        self._engine.run(streaming=True)
        self._engine.clear_data()

    def reach(self, ts: Nanoseconds) -> None:
        """Let happen what is set for ``ts``. Rows were shown before, none of them later."""
        # Nautilus' clock moves with its data only: behind the end it needs one to stop at.
        self._engine.add_data([self._placeholder(ts + 1)], validate=False, sort=True)
        self._engine.run(streaming=True, start=ts, end=ts)
        self._engine.clear_data()

    def end(self) -> None:
        """Nothing follows."""
        self._engine.end()

    def results(self) -> Statistics:
        """Statistics by Nautilus' analyser; ask after the end."""
        return statistics_of_run(self._engine)

    def dispose(self) -> None:
        """Let go of everything."""
        self._engine.dispose()

    def _placeholder(self, ts: Nanoseconds) -> model.QuoteTick:
        terms = self._somewhere
        price = model.Price(0.0, terms.price_precision)
        size = model.Quantity(0.0, terms.size_precision)
        return model.QuoteTick(terms.id, price, price, size, size, ts, ts)
