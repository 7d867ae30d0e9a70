"""A search over an hour of real ticks, for tests."""

from actors.strategies.synthesis.search import SearchConfig
from events.market_log import MarketLog
from runtime.synthesis.settling import search_terms
from runtime.terms import SearchTerms
from runtime.topology import SynthesisConfig
from tests.runtime.programs.days import TRADING, market


def looked_for() -> SynthesisConfig:
    """Six candidates: of a fast average that is slower than the slow one nothing can be made."""
    return SynthesisConfig(
        name="crosses",
        feeds=("files",),
        search=SearchConfig(space={"fast": (2, 3, 9), "slow": (5, 8)}),
        trading=TRADING,
        replicas=2,
        returns_s=60,
    )


def terms() -> tuple[SearchTerms, MarketLog]:
    """What is looked for in the whole hour, and that."""
    log, sources = market()
    return search_terms(looked_for(), sources), log
