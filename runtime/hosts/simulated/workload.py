"""What the simulated cell trades: a few quotes, a strategy that crosses them, and tight limits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Final

from actors.kit.shapes import Decider, Folded
from actors.portfolio.positions import Positions
from actors.portfolio.sizes import SizingConfig
from actors.portfolio.sizing import Sizing
from actors.risk.limits import RiskLimits
from actors.risk.pre_trade import PreTradeRisk
from runtime.hosts.simulated.clock import EPOCH
from schemas.envelope import AnyEvent, Event
from schemas.identity import tick_id
from schemas.market import AssetClass, Instrument, Quote
from schemas.quantities import SECOND_NS, Nanoseconds
from schemas.registry import Payload
from schemas.signal import SignalRaised
from schemas.timer import TimerFired, TimerSet

SOURCE: Final = "feed.simulated"
INSTRUMENTS: Final = ("ALPHA.SIM", "BETA.SIM")
QUOTES: Final = 20
PATIENCE_NS: Final = 5 * SECOND_NS // 2
"""After this long an order that still works is withdrawn."""
LIMITS: Final = RiskLimits(max_position=Decimal(12), max_leverage=None, max_drawdown=None)

_HALF_SPREAD: Final = Decimal("0.05")
_SIZE: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the feed has to say; ``row`` is its number if it is in the market log."""

    event: AnyEvent
    row: int | None = None


def items_of(seed: int) -> tuple[Item, ...]:
    """The market of a seed: the instruments' terms, then quotes, one a second."""
    chance = Random(f"market/{seed}")
    terms = [Item(_fact(f"instrument/{name}", EPOCH, _terms(name))) for name in INSTRUMENTS]
    mids = dict.fromkeys(INSTRUMENTS, Decimal(100))
    quotes = []
    for row in range(QUOTES):
        name = chance.choice(INSTRUMENTS)
        mids[name] += Decimal(chance.randint(-20, 20)) / 10
        quote = Quote(
            instrument=name,
            bid=mids[name] - _HALF_SPREAD,
            ask=mids[name] + _HALF_SPREAD,
            bid_size=_SIZE,
            ask_size=_SIZE,
        )
        quotes.append(Item(_fact(tick_id(SOURCE, row), EPOCH + (row + 1) * SECOND_NS, quote), row))
    return (*terms, *quotes)


def price_of(items: Iterable[Item], instrument: str, now: Nanoseconds) -> Decimal:
    """The last mid of an instrument at a time."""
    mids = [
        item.event.payload.mid
        for item in items
        if isinstance(item.event.payload, Quote)
        and item.event.payload.instrument == instrument
        and item.event.ts <= now
    ]
    return mids[-1]


def deciders() -> tuple[Decider, ...]:
    """A fresh cell's deciders, in their order."""
    return with_strategy(Crossing())


def with_strategy(strategy: "Crossing") -> tuple[Decider, ...]:
    """A strategy, and the real sizing, risk and positions behind it."""
    return (
        Folded(strategy),
        Folded(Sizing(SizingConfig())),
        Folded(PreTradeRisk(LIMITS)),
        Folded(Positions()),
    )


def _fact(name: str, ts: Nanoseconds, payload: Payload) -> AnyEvent:
    return Event(
        id=name,
        author=SOURCE,
        cause=name,
        correlation=name,
        ts=ts,
        ts_recorded=ts,
        payload=payload,
    )


def _terms(name: str) -> Instrument:
    return Instrument(
        id=name,
        asset_class=AssetClass.EQUITY,
        quote_currency="USD",
        price_precision=2,
        size_precision=0,
        tick_size=Decimal("0.01"),
        lot_size=Decimal(1),
    )


@dataclass(frozen=True, slots=True)
class CrossingState:
    """The last two mids of each instrument."""

    mids: Mapping[str, tuple[Decimal, ...]] = field(default_factory=dict)


class Crossing:
    """Trades with every move between two mids, and loses patience with what does not fill."""

    author: Final = "strategy.crossing"
    consumes: Final[frozenset[type[Payload]]] = frozenset((Quote, TimerFired))
    answers: Final = consumes

    def initial(self) -> CrossingState:
        """Nothing was seen."""
        return CrossingState()

    def evolve(self, state: CrossingState, event: AnyEvent) -> CrossingState:
        """Remember the mid."""
        match event.payload:
            case Quote() as quote:
                seen = (*state.mids.get(quote.instrument, ()), quote.mid)[-2:]
                return replace(state, mids={**state.mids, quote.instrument: seen})
            case _:
                return state

    def decide(self, state: CrossingState, event: AnyEvent) -> Iterable[Payload]:
        """Want an order on a move, and nothing to work any more when it took too long."""
        match event.payload:
            case Quote(instrument=instrument) if len(state.mids[instrument]) == 2:
                before, now = state.mids[instrument]
                if before != now:
                    yield SignalRaised(
                        instrument=instrument,
                        intent="order",
                        direction="long" if now > before else "short",
                        quantity=Decimal(2 + int(abs(now - before) * 10) % 8),
                    )
                    yield TimerSet(name=f"{instrument} {event.id}", at=event.ts + PATIENCE_NS)
            case TimerFired(name=name, owner=self.author):
                instrument = name.partition(" ")[0]
                yield SignalRaised(instrument=instrument, intent="cancel", direction="flat")
            case _:
                pass
