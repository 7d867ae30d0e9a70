"""From a search in a topology to terms that name everything on which its outcome depends."""

from actors.strategies.catalogue import code_digest as strategy_digest
from actors.strategies.catalogue import load
from actors.strategies.settings import settle
from runtime.code import code_digest
from runtime.config import RunSpec
from runtime.terms import SearchTerms
from runtime.topology import SynthesisConfig
from schemas.quantities import SECOND_NS


def search_terms(config: SynthesisConfig, sources: tuple[str, ...]) -> SearchTerms:
    """The terms; those of a strategy whose text has changed are others.

    Raises:
        StrategyNotFound: there is no such strategy.
        ParameterError: a value of the space is none that its parameter can have.
    """
    kinds = [load(each.use) for each in config.trading.strategies]
    varied = config.trading.strategies[0]
    for name, values in config.search.space.items():
        for value in values:
            settle(kinds[0], varied.use, {name: value})
    return SearchTerms(
        name=config.name,
        spec=RunSpec(config=config.trading.deciding(), sources=sources),
        search=config.search,
        period_ns=config.returns_s * SECOND_NS,
        code_hash=code_digest(map(strategy_digest, kinds)),
    )
