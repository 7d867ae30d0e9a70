"""What the author of a strategy may write: every hook there is, and what each of them is told."""

from collections.abc import Iterable
from typing import Final

from schemas.market import Bar, Quote, Trade
from schemas.order import OrderFilled, OrderRejected
from schemas.pattern import PatternRecognised
from schemas.registry import Payload

type Answer = Payload | Iterable[Payload] | None
"""What a hook returns: nothing, one answer, or several in order (a generator may yield them)."""

EVENT_HOOKS: Final = ("on_start", "on_bar", "on_quote", "on_trade", "on_pattern", "on_timer")
"""Hooks of which a strategy needs one at least: the others follow from what these answer."""


class Hooks:
    """Hooks that do nothing; what a strategy overrides is also what it is subscribed to."""

    def check(self) -> str | None:
        """What is wrong with the parameters taken together, as a sentence; ``None`` if nothing."""

    def prepare(self) -> None:
        """Declare indicators and further streams of bars; called once, before any event."""

    def on_start(self) -> Answer:
        """The first event is at hand; called once, before the hook for that event."""

    def on_bar(self, bar: Bar) -> Answer:
        """A bar of a wanted stream has closed, and the indicators on it are up to date."""

    def on_quote(self, quote: Quote) -> Answer:
        """A top-of-book tick."""

    def on_trade(self, trade: Trade) -> Answer:
        """A trade tick."""

    def on_pattern(self, pattern: PatternRecognised) -> Answer:
        """A model recognised a pattern in one of the instruments."""

    def on_fill(self, fill: OrderFilled) -> Answer:
        """An order of this strategy traded; ``position`` already counts it."""

    def on_rejected(self, order: OrderRejected) -> Answer:
        """The venue refused an order of this strategy, or the leg of a bracket."""

    def on_timer(self, name: str) -> Answer:
        """Market time reached what ``wake`` asked for."""

    def overrides(self, hook: str) -> bool:
        """Whether a subclass wrote this hook."""
        return getattr(type(self), hook) is not getattr(Hooks, hook)
