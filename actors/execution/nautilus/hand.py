"""The strategy through which the engine reaches us, and we reach the engine."""

from collections.abc import Callable
from functools import wraps
from typing import Final, Protocol, Self

from nautilus_trader import common, model, trading

from actors.execution.nautilus.translate.answers import OrderEvent


class Reporting(Protocol):
    """Who hears of what happens in the engine."""

    def started(self) -> None:
        """The engine's clock stands at the first tick, and orders can be sent."""
        ...

    def quoted(self, quote: model.QuoteTick) -> None:
        """A quote of a subscribed instrument passed."""
        ...

    def traded(self, trade: model.TradeTick) -> None:
        """A trade of a subscribed instrument passed."""
        ...

    def answered(self, event: OrderEvent) -> None:
        """Something became of an order."""
        ...

    def alerted(self, name: str) -> None:
        """A time alert's moment came."""
        ...

    def failed(self, error: BaseException) -> None:
        """One of these methods, or what it led to, raised."""
        ...


def _guarded[T: "Trader", E](callback: Callable[[T, E], None]) -> Callable[[T, E], None]:
    """Nautilus logs what a callback raises, interrupts included, and goes on: keep it for us."""

    @wraps(callback)
    def safe(trader: T, event: E) -> None:
        try:
            callback(trader, event)
        except BaseException as error:  # noqa: BLE001 - raised again when the engine has returned
            trader.reporting.failed(error)

    return safe


class Trader(trading.Strategy):
    """Holds positions apart from other traders' and decides nothing: it is told what to submit.

    Nautilus keeps net positions by strategy, so every strategy of ours is one of Nautilus'.
    """

    def __new__(cls, reporting: Reporting, number: int) -> Self:  # noqa: ARG004 - for __init__
        """Made by Nautilus, which wants to see its own configuration only."""
        name = model.StrategyId(f"WAKELINE-{number:03d}")
        config = trading.StrategyConfig(strategy_id=name, log_events=False, log_commands=False)
        made: Self = trading.Strategy.__new__(cls, config)  # type: ignore[call-arg]  # stubs: object's
        return made

    def __init__(self, reporting: Reporting, number: int) -> None:  # noqa: ARG002 - for __new__
        self.reporting: Final = reporting

    @_guarded
    def on_order_event(self, event: OrderEvent) -> None:
        # It comes in the middle of ``submit_order``, when the engine must not be asked anything.
        if not isinstance(event, model.OrderInitialized):
            self.reporting.answered(event)


class Hand(Trader):
    """The first trader, which also watches the market and the clock for all."""

    def on_start(self) -> None:
        try:
            self.reporting.started()
        except BaseException as error:  # noqa: BLE001 - raised again when the engine has returned
            self.reporting.failed(error)

    @_guarded
    def on_quote(self, quote: model.QuoteTick) -> None:
        self.reporting.quoted(quote)

    @_guarded
    def on_trade(self, trade: model.TradeTick) -> None:
        self.reporting.traded(trade)

    @_guarded
    def on_time_event(self, event: common.TimeEvent) -> None:
        self.reporting.alerted(event.name)
