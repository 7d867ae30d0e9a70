"""The template of a strategy: subclass ``Strategy``, write hooks, return what you want.

    class Momentum(Strategy):
        '''Long after a rise, flat after a fall.'''

        threshold: float = parameter(0.05, gt=0, doc="rate of change, percent")

        def prepare(self) -> None:
            self.change = self.indicator(RateOfChange(20))

        def on_bar(self, bar: Bar) -> Answer:
            if self.change.value > self.threshold:
                return self.long(bar.instrument, reason={"change": self.change.value})
            return self.flat(bar.instrument)

It is made as ``Momentum(instruments, parameters, name=...)``; what may vary between runs is a
parameter, the primary bars' ``interval`` and ``price_type`` too. ``docs/strategies.md`` teaches the
rest.

Until every stream has the bars that its indicators need, the hooks ``on_bar``, ``on_quote``,
``on_trade`` and ``on_pattern`` are not called: no signal is due then, and none is withheld.

A strategy may use what it was told and nothing else: no clock, chance, environment or file. Its
state is rebuilt by being told the same again, so whatever a hook changes, it changes on ``self``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Final, Literal

from actors.strategies.answers import Answers
from actors.strategies.holdings import CONSUMES, Holdings, Position, WorkingOrder
from actors.strategies.hooks import Answer, Hooks
from actors.strategies.indicators import Fed, Indicator
from actors.strategies.parameters import ParameterError, parameter
from actors.strategies.settings import settle
from actors.strategies.spoken import spoken
from actors.strategies.streams import Bars, Streams, WantedPatterns, Wants, bars_of, usual_price
from schemas.envelope import AnyEvent
from schemas.market import Bar, Instrument, PriceType, Quote, Trade
from schemas.order import OrderFilled, OrderRejected
from schemas.pattern import PatternRecognised
from schemas.position import PositionChanged
from schemas.registry import Payload
from schemas.strategy import ParameterValue
from schemas.timer import TimerFired


class LookAhead(AssertionError):
    """A bar was shown before it closed: the host is broken, not the strategy."""


class Strategy(Answers, Hooks):
    """A decider that turns what the market says into signals.

    Args:
        instruments: what it may trade; bars of each at ``interval`` are its primary streams.
        parameters: values by name; what is missing has its default.
        name: its name in the cell, by default the class' own in snake case.
        automatic: the price that ``auto`` stands for by instrument id, where the data that there
            is leaves no other; by default what is usual for the asset class.

    Attributes:
        author: ``strategy.<name>``, which signs its answers.
        parameters: every parameter's value, in a fixed order, for the configuration's hash.
        primary: the primary stream of each instrument; wanted when there is an ``on_bar``.
        wants: what the host must call it for; writing ``on_quote`` is asking for quotes.
        consumes: payload classes that it wants to see.
        now: market time of the event at hand, UTC nanoseconds.
        warms_up: whether hooks about one instrument wait until all instruments are warm
            (``together``) or only until that one is (``apart``).

    Raises:
        ParameterError: a parameter does not fit, alone or beside the others.
    """

    interval: str = parameter("1m", doc="interval of the primary bars, such as 1s, 5m, 4h, 1d")
    price_type: str = parameter(
        "auto",
        choices=("auto", "bid", "ask", "mid", "last"),
        doc="price that bars are built from; auto is mid for FX and CFDs, else last, if it can be",
    )

    warms_up: ClassVar[Literal["together", "apart"]] = "together"

    def __init__(
        self,
        instruments: Sequence[Instrument],
        parameters: Mapping[str, ParameterValue] | None = None,
        *,
        name: str | None = None,
        automatic: Mapping[str, PriceType] = MappingProxyType({}),
    ) -> None:
        super().__init__(MappingProxyType({known.id: known for known in instruments}))
        self.name: Final = name or _snake_case(type(self).__name__)
        self.author: Final = f"strategy.{self.name}"
        self.parameters: Final = MappingProxyType(settle(type(self), self.name, parameters or {}))
        if (problem := self.check()) is not None:
            values = ", ".join(f"{key}={value}" for key, value in self.parameters.items())
            raise ParameterError(f"strategy {self.name}: {problem} ({values})")
        self._holdings: Final = Holdings(self.author)
        self._fills: Final[dict[tuple[str, str], OrderFilled]] = {}
        self._streams: Final = Streams()
        self._patterns: Final[list[WantedPatterns]] = []
        self._prepared = self._started = False
        self._automatic: Final = {
            known.id: automatic.get(known.id, usual_price(known)) for known in instruments
        }
        self.primary: Final = tuple(self._stream(known.id, "", "") for known in instruments)
        self._prepare()
        self.wants: Final = Wants(
            bars=tuple(self.warm_up),
            quotes=tuple(self.instruments) if self.overrides("on_quote") else (),
            trades=tuple(self.instruments) if self.overrides("on_trade") else (),
            patterns=tuple(self._patterns),
        )
        self.consumes: Final = self._consumed()

    # ------------------------------------------------------------------ what a subclass may use

    def bars(
        self, interval: str = "", *, instrument: str = "", price_type: str = "", warm_up: int = 0
    ) -> Bars:
        """Want a stream of bars, and no hook before ``warm_up`` of them; called in ``prepare``.

        What is left out is as in the primary stream; the instrument may be, if there is one only.
        The stream that comes back is what ``indicator`` takes.

        Raises:
            ParameterError: the interval is none.
        """
        if self._prepared:
            raise RuntimeError(f"strategy {self.name}: streams are declared in prepare()")
        known = self._known(instrument or self._only_instrument())
        bars = self._stream(known.id, interval, price_type)
        self._streams.want(bars, warm_up)
        return bars

    def patterns(self, recogniser: str, interval: str = "") -> None:
        """Want a recogniser to look at bars of every instrument; called in ``prepare``.

        ``on_pattern`` hears what it sees, and whatever other recognisers of the cell see in these
        instruments. The bars are as the primary ones, but for an ``interval`` that is given.

        Raises:
            ParameterError: the interval is none.
        """
        if self._prepared:
            raise RuntimeError(f"strategy {self.name}: recognisers are declared in prepare()")
        for known in self.instruments:
            bars = self._stream(known, interval, "")
            self._patterns.append(
                WantedPatterns(recogniser, bars.instrument, bars.interval, self.price_type)
            )

    def indicator[I: Indicator](
        self, indicator: I, bars: Bars | None = None, *, on: str | tuple[str, ...] | None = None
    ) -> I:
        """Update ``indicator`` with every bar of a stream, before ``on_bar`` hears it.

        Args:
            indicator: one of ``nautilus_trader.indicators``, or any with ``update_raw``.
            bars: the stream, by default the primary one of the only instrument.
            on: the bar's field or fields that it takes, by default those that Nautilus itself uses.

        Raises:
            IndicatorError: it is unknown and ``on`` is not given, or a bar has no such field.
        """
        self._streams.feed(self.bars() if bars is None else bars, Fed(indicator, on))
        return indicator

    def position(self, instrument: str) -> Position:
        """The net position that this strategy holds in an instrument."""
        return self._holdings.position(instrument)

    def working(self, instrument: str) -> tuple[WorkingOrder, ...]:
        """Its orders that may still trade in an instrument, oldest first."""
        return self._holdings.working(instrument)

    def is_warm(self, instrument: str) -> bool:
        """Whether hooks about an instrument are called: its streams have all the bars they need."""
        return self._streams.is_warm(None if self.warms_up == "together" else instrument)

    @property
    def warm_up(self) -> Mapping[Bars, int]:
        """Every stream, with the bars that it needs before hooks are called."""
        return self._streams.needed

    # --------------------------------------------------------------------------- as a decider

    def handle(self, event: AnyEvent) -> tuple[Payload, ...]:
        """Learn the event, and answer it by the hook that it is for.

        Raises:
            LookAhead: a bar closes after the event's own time.
            Misspoken: the hook answered what is no answer, or built one and did not return it.
        """
        self.now = event.ts
        if self._started:
            return self._take(event.payload)
        self._started = True
        return self._spoken(self.on_start, self.on_start()) + self._take(event.payload)

    def learn(self, event: AnyEvent) -> None:
        """As ``handle``, and nobody hears the answers: hooks keep state, so they run here too."""
        self.handle(event)

    def _take(self, payload: Payload) -> tuple[Payload, ...]:
        match payload:
            case Bar():
                return self._take_bar(payload)
            case Quote(instrument=name):
                return self._ask(self.on_quote, payload) if self._hears(name) else ()
            case Trade(instrument=name):
                return self._ask(self.on_trade, payload) if self._hears(name) else ()
            case PatternRecognised(instrument=name):
                return self._ask(self.on_pattern, payload) if self._hears(name) else ()
            case TimerFired(owner=owner, name=name):
                return self._ask(self.on_timer, name) if owner == self.author else ()
            case _:
                return self._take_order(payload)

    def _hears(self, instrument: str) -> bool:
        return instrument in self.instruments and self.is_warm(instrument)

    def _take_bar(self, bar: Bar) -> tuple[Payload, ...]:
        name = Bars(bar.instrument, bar.interval, bar.price_type)
        if name not in self.warm_up:
            return ()
        if bar.ts_close > self.now:
            raise LookAhead(f"{name} closes at {bar.ts_close}, and it is {self.now}")
        self._streams.take(name, bar)
        return self._ask(self.on_bar, bar) if self._hears(bar.instrument) else ()

    def _take_order(self, payload: Payload) -> tuple[Payload, ...]:
        if not self._holdings.learn(payload):
            return ()
        match payload:
            case OrderFilled():
                # The hook waits for position.changed, so that it finds the position after the fill.
                self._fills[payload.instrument, payload.trade_id] = payload
            case PositionChanged():
                fill = self._fills.pop((payload.instrument, payload.trade_id), None)
                return () if fill is None else self._ask(self.on_fill, fill)
            case OrderRejected():
                return self._ask(self.on_rejected, payload)
            case _:
                pass
        return ()

    def _ask[T](self, hook: Callable[[T], Answer], told: T) -> tuple[Payload, ...]:
        return self._spoken(hook, hook(told))

    def _spoken(self, hook: Callable[..., Answer], answer: Answer) -> tuple[Payload, ...]:
        if answer is None and not self._built:
            return ()
        answers = spoken(hook, answer, self._built)
        self._built.clear()
        return answers

    def _stream(self, instrument: str, interval: str, price_type: str) -> Bars:
        price = price_type or self.price_type
        chosen = self._automatic[instrument] if price == "auto" else PriceType(price)
        return bars_of(self.name, instrument, interval or self.interval, chosen)

    def _prepare(self) -> None:
        if self.overrides("on_bar"):
            for known in self.instruments:
                self.bars(instrument=known)
        self.prepare()
        self._prepared = True

    def _consumed(self) -> frozenset[type[Payload]]:
        wanted: list[type[Payload]] = [*CONSUMES, TimerFired]
        wanted += [Bar] if self.wants.bars else []
        wanted += [Quote] if self.wants.quotes else []
        wanted += [Trade] if self.wants.trades else []
        wanted += [PatternRecognised] if self.overrides("on_pattern") else []
        return frozenset(wanted)

    def _only_instrument(self) -> str:
        if len(self.instruments) != 1:
            raise ValueError(
                f"strategy {self.name} has {len(self.instruments)} instruments: say which one"
            )
        return next(iter(self.instruments))


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
