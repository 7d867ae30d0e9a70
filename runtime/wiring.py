"""The composition root: nothing else makes collaborators of a run."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib.metadata import version
from types import MappingProxyType

from msgspec import UNSET
from msgspec.structs import replace

from actors.execution.nautilus.config import VenueConfig
from actors.execution.venue import BarStream, Subscriptions
from actors.kit.shapes import Decider, Folded
from actors.monitoring.health import Health
from actors.patterns.recogniser import Recogniser
from actors.portfolio.accounts import AccountConfig, AccountKind
from actors.portfolio.positions import Positions
from actors.portfolio.sizing import Sizing
from actors.portfolio.valuation import Valuation
from actors.risk.pre_trade import PreTradeRisk
from actors.strategies.catalogue import code_digest as strategy_digest
from actors.strategies.catalogue import load
from actors.strategies.streams import Bars, usual_price
from actors.strategies.template import Strategy
from runtime.code import code_digest
from runtime.config import BacktestConfig, ConfigError, Funded, RunSpec, StrategyConfig
from runtime.guarding import Guarded, StrategyFailed
from runtime.instruments import KnownInstrument
from runtime.recognising import Recognising, recognising
from runtime.wired import Backtest
from schemas.cell import CellStarted
from schemas.errors import UserError


def wire(
    spec: RunSpec,
    instruments: Sequence[KnownInstrument],
    served: Mapping[str, Recogniser] = MappingProxyType({}),
    elsewhere: Mapping[str, int] = MappingProxyType({}),
) -> Backtest:
    """Make the cell of a run; it can run once. A run that was recorded is replayed without any
    recogniser that answers through a gateway.

    Args:
        served: recognisers that answer through a gateway in this process, by name.
        elsewhere: how many bars those want whose gateway runs elsewhere.

    Raises:
        UserError: a strategy cannot be loaded, a parameter does not fit, or an instrument is
        missing.
    """
    known = {each.instrument.id: each for each in instruments}
    strategies = _strategies(spec.config, known)
    patterns = recognising(spec.config.patterns, strategies, known, served, elsewhere)
    spec = _settled(spec, strategies, patterns)
    venues = venues_of(spec.config, instruments)
    account = _account(spec.config, venues, instruments)
    deciders: tuple[Decider, ...] = (
        Folded(Positions()),
        Folded(Valuation(account)),
        *patterns.deciders,
        *map(_guarded, spec.config.strategies, strategies),
        Folded(Sizing(spec.config.sizing)),
        Folded(PreTradeRisk(spec.config.risk)),
        *_health(spec.config),
    )
    return Backtest(
        spec=spec,
        instruments=tuple(instruments),
        recognising=patterns,
        deciders=deciders,
        subscriptions=_subscriptions(strategies, patterns),
        venues=venues,
        account=account,
        sends_out=spec.config.execution is not UNSET,
        started=CellStarted(
            code_hash=code_digest(strategy_digest(type(strategy)) for strategy in strategies),
            config_hash=spec.digest(),
            deciders=tuple(decider.author for decider in deciders),
            configuration=spec.canonical(),
            version=version("wakeline"),
        ),
    )


def _settled(spec: RunSpec, strategies: Sequence[Strategy], patterns: Recognising) -> RunSpec:
    """The spec with every parameter's value, so that a default that changes later changes
    nothing.
    """
    chosen = tuple(
        replace(each, parameters=dict(strategy.parameters))
        for each, strategy in zip(spec.config.strategies, strategies, strict=True)
    )
    config = replace(spec.config, strategies=chosen, patterns=patterns.configs)
    return replace(spec, config=config)


def _strategies(
    config: BacktestConfig, known: Mapping[str, KnownInstrument]
) -> tuple[Strategy, ...]:
    made = tuple(_strategy(each, known) for each in config.strategies)
    names = [strategy.name for strategy in made]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"two strategies are called {name!r}: give each a name of its own")
    return made


def _strategy(config: StrategyConfig, known: Mapping[str, KnownInstrument]) -> Strategy:
    for name in config.instruments:
        if name not in known:
            have = ", ".join(known)
            raise ConfigError(f"strategy {config.use}: no data for {name!r}; there is {have}")
    traded = [known[name] for name in config.instruments]
    traded = traded or [each for each in known.values() if each.kinds]
    if not traded:
        raise ConfigError(f"strategy {config.use}: the data hold no ticks or bars to trade on")
    strategy = _made(config, traded)
    for bars in strategy.wants.bars:
        _require(config.use, bars, known[bars.instrument])
    return strategy


def _made(config: StrategyConfig, traded: Sequence[KnownInstrument]) -> Strategy:
    kind = load(config.use)
    automatic = {
        each.instrument.id: each.automatic(usual_price(each.instrument)) for each in traded
    }
    try:
        return kind(
            [each.instrument for each in traded],
            config.parameters,
            name=config.name,
            automatic=automatic,
        )
    except UserError:
        raise
    except Exception as error:
        if config.file is None:
            raise
        raise StrategyFailed(config.file, error, f"{kind.__name__} is being made") from error


def _health(config: BacktestConfig) -> tuple[Decider, ...]:
    return () if config.health is UNSET else (Folded(Health(config.health)),)


def _guarded(config: StrategyConfig, strategy: Strategy) -> Decider:
    return strategy if config.file is None else Guarded(strategy, config.file)


def _require(strategy: str, bars: Bars, known: KnownInstrument) -> None:
    """A strategy that waits for bars that nobody can build would end without a word."""
    if known.has(bars.price_type):
        return
    have = ", ".join(sorted(kind.value for kind in known.kinds)) or "no data at all"
    raise ConfigError(
        f"strategy {strategy}: bars of the {bars.price_type} price of {bars.instrument} cannot be"
        f" built: there is {have}"
    )


def venues_of(config: Funded, instruments: Sequence[KnownInstrument]) -> tuple[VenueConfig, ...]:
    """The venues at which instruments trade: those that are configured, and others as usual.

    Raises:
        ConfigError: one is configured at which none of them trades.
    """
    named = {venue.name for venue in config.venues}
    balances = {_currency(config, instruments): config.starting_balance}
    seen = dict.fromkeys(known.instrument.venue for known in instruments)
    for name in sorted(named - set(seen)):
        raise ConfigError(f"venue {name!r}: the data trades nowhere but at {', '.join(seen)}")
    implied = (
        VenueConfig(name=name, starting_balances=balances) for name in seen if name not in named
    )
    return (*config.venues, *implied)


def _account(
    config: BacktestConfig,
    venues: Sequence[VenueConfig],
    instruments: Sequence[KnownInstrument],
) -> AccountConfig:
    balances: dict[str, Decimal] = {}
    for venue in venues:
        for currency, amount in venue.starting_balances.items():
            balances[currency] = balances.get(currency, Decimal(0)) + amount
    return AccountConfig(
        currency=_currency(config, instruments),
        balances=balances,
        kinds={venue.name: AccountKind(venue.account_type) for venue in venues},
        valuation_every_ms=config.valuation_every_ms,
    )


def _currency(config: Funded, instruments: Sequence[KnownInstrument]) -> str:
    return config.currency or instruments[0].instrument.quote_currency


def _subscriptions(strategies: Sequence[Strategy], patterns: Recognising) -> Subscriptions:
    bars = {
        BarStream(bars.instrument, bars.interval, bars.price_type)
        for strategy in strategies
        for bars in strategy.wants.bars
    }
    bars |= {
        BarStream(each.instrument, each.interval, each.price_type) for each in patterns.streams
    }
    return Subscriptions(
        bars=tuple(sorted(bars)),
        quotes=frozenset(name for strategy in strategies for name in strategy.wants.quotes),
        trades=frozenset(name for strategy in strategies for name in strategy.wants.trades),
        traders=tuple(strategy.author for strategy in strategies),
    )
