"""The recognisers of a cell: what its configuration names, and what its strategies ask for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec import convert
from msgspec.structs import replace

from actors.kit.shapes import Decider
from actors.patterns.catalogue import IN_CELL, made
from actors.patterns.config import PatternConfig
from actors.patterns.deciders import PatternAsker, PatternReader
from actors.patterns.memory import Stream
from actors.patterns.recogniser import Recogniser
from actors.patterns.watch import Watched
from actors.strategies.streams import usual_price
from actors.strategies.template import Strategy
from runtime.config import ConfigError
from runtime.hosts.inline.answering import Served
from runtime.instruments import KnownInstrument
from schemas.market import PriceType

_MS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A recogniser that is asked through a gateway, and what about."""

    config: PatternConfig
    streams: tuple[Stream, ...]

    @property
    def watched(self) -> tuple[str, tuple[Stream, ...], int]:
        """Its name, what it looks at, and how many bars a question holds."""
        assert self.config.bars is not None, "settled"
        return self.config.use, self.streams, self.config.bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognising:
    """What of a cell recognises patterns.

    Attributes:
        configs: every recogniser with the bars that a question of it holds, enough to wire the
            same again without it.
        deciders: one for each, in the same order; they come before the strategies.
        streams: the bars that these look at.
        asked: those whose answers come through a gateway, with what they look at.
        served: those of them whose gateway is in this process; a replay needs none.
    """

    configs: tuple[PatternConfig, ...]
    deciders: tuple[Decider, ...]
    streams: tuple[Stream, ...]
    asked: tuple[Asked, ...]
    served: tuple[Served, ...]


NOBODY: Final = Recognising(configs=(), deciders=(), streams=(), asked=(), served=())
"""Of a cell that recognises nothing."""


def recognising(
    configs: Sequence[PatternConfig],
    strategies: Iterable[Strategy],
    known: Mapping[str, KnownInstrument],
    served: Mapping[str, Recogniser],
    elsewhere: Mapping[str, int],
) -> Recognising:
    """Make the recognisers of a cell.

    Args:
        served: recognisers that answer through a gateway in this process, by name.
        elsewhere: how many bars those want whose gateway runs elsewhere.

    Raises:
        UserError: a recogniser, an instrument or a parameter is unknown, or two configurations
            are about the same recogniser and interval.
    """
    settled = [_settled(each, known, served, elsewhere) for each in _joined(configs, strategies)]
    streams = [_streams(each, known) for each in settled]
    return Recognising(
        configs=tuple(settled),
        deciders=tuple(map(_decider, settled, streams)),
        streams=tuple(dict.fromkeys(stream for some in streams for stream in some)),
        asked=tuple(
            Asked(config, some)
            for config, some in zip(settled, streams, strict=True)
            if config.use not in IN_CELL
        ),
        served=tuple(
            Served(
                recogniser=served[config.use],
                streams=some,
                latency=config.latency_ms * _MS,
            )
            for config, some in zip(settled, streams, strict=True)
            if config.use in served
        ),
    )


def _joined(
    configs: Sequence[PatternConfig], strategies: Iterable[Strategy]
) -> Iterator[PatternConfig]:
    """The configurations, with what strategies ask for added to them or beside them."""
    joined: dict[tuple[str, str, str], PatternConfig] = {}
    for config in configs:
        key = config.use, config.interval, config.price_type
        if key in joined:
            raise ConfigError(
                f"patterns {config.use}: two are about bars of {config.interval}; name the"
                " instruments of both in one"
            )
        joined[key] = config
    asked_for = [wanted for strategy in strategies for wanted in strategy.wants.patterns]
    for wanted in asked_for:
        wish = (wanted.recogniser, wanted.interval, wanted.price_type)
        there = joined.get(wish)
        if there is None:
            joined[wish] = convert(
                {
                    "use": wanted.recogniser,
                    "interval": wanted.interval,
                    "price_type": wanted.price_type,
                    "instruments": (wanted.instrument,),
                },
                PatternConfig,
            )
        elif there.instruments and wanted.instrument not in there.instruments:
            instruments = (*there.instruments, wanted.instrument)
            joined[wish] = replace(there, instruments=instruments)
    yield from joined.values()


def _settled(
    config: PatternConfig,
    known: Mapping[str, KnownInstrument],
    served: Mapping[str, Recogniser],
    elsewhere: Mapping[str, int],
) -> PatternConfig:
    for name in config.instruments:
        if name not in known:
            raise ConfigError(
                f"patterns {config.use}: no data for {name!r}; there is {', '.join(known)}"
            )
    instruments = config.instruments or tuple(name for name, each in known.items() if each.kinds)
    bars: int | None
    if config.use in IN_CELL:
        bars = made(config).bars
    elif config.use in served:
        bars = served[config.use].bars
    else:
        bars = elsewhere.get(config.use, config.bars)
    if bars is None:
        there = ", ".join((*IN_CELL, *served, *elsewhere))
        raise ConfigError(f"patterns: there is no recogniser {config.use!r}; there is {there}")
    return replace(config, instruments=instruments, bars=bars)


def _streams(config: PatternConfig, known: Mapping[str, KnownInstrument]) -> tuple[Stream, ...]:
    return tuple(_stream(config, known[name]) for name in config.instruments)


def _stream(config: PatternConfig, known: KnownInstrument) -> Stream:
    if config.price_type == "auto":
        price = known.automatic(usual_price(known.instrument))
    else:
        price = PriceType(config.price_type)
    if not known.has(price):
        have = ", ".join(sorted(kind.value for kind in known.kinds)) or "no data at all"
        raise ConfigError(
            f"patterns {config.use}: bars of the {price} price of {known.instrument.id} cannot be"
            f" built: there is {have}"
        )
    return Stream(known.instrument.id, config.interval, price)


def _decider(config: PatternConfig, streams: tuple[Stream, ...]) -> Decider:
    assert config.bars is not None, "settled"
    watched = Watched(
        streams=streams, bars=config.bars, every=config.every, longest_gap=config.longest_gap
    )
    author = f"patterns.{config.use}.{config.interval}"
    author += "" if config.price_type == "auto" else f".{config.price_type}"
    if config.use in IN_CELL:
        return PatternReader(author, made(config), watched)
    return PatternAsker(author, config.use, watched, config.deadline_ms * _MS)
