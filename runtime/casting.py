"""From a topology to what every program is told: names of sources and runs are settled once."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec
from msgspec import UNSET

from actors.feeds.files import FileFeed
from events.errors import NotFound
from events.market_log import MarketLog
from runtime.backends import note_backend, open_backend
from runtime.config import RunSpec, digest_of, save_config
from runtime.files import write_whole
from runtime.history import step_at
from runtime.home import Home, run_id
from runtime.programs.feeding import file_sets
from runtime.programs.specs import (
    Assignment,
    CellSpec,
    ExchangeSpec,
    ExecutionSpec,
    FeedSpec,
    FirmSpec,
    InferenceSpec,
    ProgramSpec,
    ProjectorSpec,
    SearchSpec,
    TrialsSpec,
)
from runtime.synthesis.settling import search_terms
from runtime.telemetry.config import TelemetryConfig
from runtime.terms import FirmTerms, Terms, run_of
from runtime.topology import (
    PROJECTOR,
    CellConfig,
    FeedConfig,
    FirmConfig,
    InferenceConfig,
    SynthesisConfig,
    Topology,
)

_log: Final = logging.getLogger("wakeline.casting")


def cast(topology: Topology, home: Home, *, new: bool = False) -> tuple[Assignment, ...]:
    """An assignment a program: feeds, cells, firms, gateways, exchanges, and the projector.

    Args:
        new: give every cell a run of its own, though an unfinished one could be gone on with.

    Raises:
        FeedError: a feed's path or format is wrong.
        LogError: the logs cannot be read.
    """
    programs = _Casting(topology, home, new=new).programs()
    return tuple(
        Assignment(
            program=program,
            journal=topology.journal,
            home=str(home.path),
            durability=topology.host.durability,
        )
        for program in programs
    )


class _Casting:
    def __init__(self, topology: Topology, home: Home, *, new: bool) -> None:
        self._topology: Final = topology
        self._home: Final = home
        self._new: Final = new
        self._backend: Final = open_backend(topology.journal, home, topology.host.durability)
        self._sources: Final = {feed.name: self._sources_of(feed) for feed in topology.feeds}

    def programs(self) -> list[ProgramSpec]:
        cells = [self._cell(cell) for cell in self._topology.cells]
        self._warn_of_what_is_recorded(cells)
        runs = {cell.name: cell.run for cell in cells}
        programs: list[ProgramSpec] = [*map(self._feed, self._topology.feeds), *cells]
        traced = {
            runs[cell.name]: cell.trading.telemetry
            for cell in self._topology.cells
            if cell.trading.telemetry is not UNSET
        }
        for gateway in self._topology.inference:
            programs += _pool(gateway, runs, traced)
        programs += self._execution(runs, traced)
        marketless: list[FirmSpec | SearchSpec] = [
            self._firm(firm, runs) for firm in self._topology.firm
        ]
        programs += marketless
        for config in self._topology.synthesis:
            search = self._search(config)
            marketless.append(search)
            programs += (search, *_tried(config, search))
        projector = self._topology.projector
        if projector.enabled:
            place = projector.placement
            journals = (*runs.items(), *((each.name, each.run) for each in marketless))
            programs.append(ProjectorSpec(name=PROJECTOR, cells=journals, placement=place))
        return programs

    def _warn_of_what_is_recorded(self, cells: Iterable[CellSpec]) -> None:
        """Say which feeds have nothing to feed any more: new runs take all of it at once."""
        log = self._backend.market_log()
        new = [each for each in cells if not self._backend.journal(each.name, each.run).end()]
        awaited = {source for cell in new for source in cell.sources}
        for feed in self._topology.feeds:
            sources = self._sources[feed.name]
            recorded = all(_is_whole(log, source) for source in sources)
            if feed.pace and recorded and awaited.issuperset(sources):
                _log.warning(
                    "%s: its market is in this home already; it is taken at once, without a pace",
                    feed.name,
                )

    def _sources_of(self, feed: FeedConfig) -> tuple[str, ...]:
        sets = file_sets(feed.data, self._topology.instruments)
        return tuple(FileFeed(files, feed.data.quality).source for files in sets)

    def _feed(self, feed: FeedConfig) -> FeedSpec:
        return FeedSpec(
            name=feed.name,
            data=feed.data,
            instruments=self._topology.instruments,
            pace=feed.pace,
            rows_per_record=feed.rows_per_record,
            placement=feed.placement,
        )

    def _cell(self, cell: CellConfig) -> CellSpec:
        sources = tuple(source for name in cell.feeds for source in self._sources[name])
        run = self._run(cell.name, RunSpec(config=cell.trading, sources=sources).digest())
        directory = self._home.run_dir(run)
        save_config(directory.config, cell.trading)
        note_backend(directory, self._topology.journal, cell.name)
        return CellSpec(
            name=cell.name,
            run=run,
            sources=sources,
            trading=cell.trading,
            asks=any(cell.name in each.cells for each in self._topology.inference),
            placement=cell.placement,
        )

    def _execution(
        self, runs: Mapping[str, str], traced: Mapping[str, TelemetryConfig]
    ) -> Iterator[ExchangeSpec | ExecutionSpec]:
        """The gateways and their exchanges; one to which nobody sends is left out."""
        exchanges = {exchange.name: exchange for exchange in self._topology.exchanges}
        for gateway in self._topology.execution:
            exchange, run = exchanges[gateway.exchange], runs[gateway.cell]
            sources = tuple(source for name in exchange.feeds for source in self._sources[name])
            book = f"{exchange.name}-{digest_of((exchange.terms, sources, run))[:12]}"
            yield ExchangeSpec(
                name=exchange.name,
                book=book,
                sources=sources,
                terms=exchange.terms,
                placement=exchange.placement,
            )
            yield ExecutionSpec(
                name=gateway.name,
                cell=gateway.cell,
                run=run,
                book=book,
                lease=gateway.lease,
                telemetry=traced.get(run, UNSET),
                placement=gateway.placement,
            )

    def _firm(self, firm: FirmConfig, runs: Mapping[str, str]) -> FirmSpec:
        cells = tuple((cell, runs[cell]) for cell in firm.cells)
        terms = FirmTerms(name=firm.name, cells=cells, limits=firm.limits)
        return FirmSpec(run=self._noted(terms), terms=terms, placement=firm.placement)

    def _search(self, config: SynthesisConfig) -> SearchSpec:
        sources = tuple(source for name in config.feeds for source in self._sources[name])
        terms = search_terms(config, sources)
        return SearchSpec(run=self._noted(terms), terms=terms, placement=config.placement)

    def _noted(self, terms: Terms) -> str:
        """The run of a cell without a market, in the home."""
        run = run_of(terms)
        directory = self._home.run_dir(run)
        write_whole(directory.terms, msgspec.json.format(msgspec.json.encode(terms)))
        note_backend(directory, self._topology.journal, terms.name)
        return run

    def _run(self, cell: str, digest: str) -> str:
        """The newest run of this cell and configuration if it can go on, else a new one."""
        attempt = 1
        while True:
            run = run_id(cell, digest, attempt)
            journal = self._backend.journal(cell, run)
            begun = journal.end() > 0
            is_ours = not begun or step_at(journal, 0).cell == cell
            is_over = self._home.run_dir(run).result.exists()
            if is_ours and not is_over and not (begun and self._new):
                return run
            attempt += 1


def _is_whole(log: MarketLog, source: str) -> bool:
    try:
        return log.sealed(source)
    except NotFound:
        return False


def _tried(config: SynthesisConfig, search: SearchSpec) -> Iterator[TrialsSpec]:
    """Those that try the candidates of a search, each with its share."""
    for place, name in enumerate(config.members):
        yield TrialsSpec(
            name=name,
            run=search.run,
            terms=search.terms,
            share=(place, config.replicas),
            placement=config.placement,
        )


def _pool(
    gateway: InferenceConfig, runs: Mapping[str, str], traced: Mapping[str, TelemetryConfig]
) -> Iterator[InferenceSpec]:
    """Its members, each with its share of the work."""
    cells = tuple((cell, runs[cell]) for cell in gateway.cells)
    for place, name in enumerate(gateway.members):
        yield InferenceSpec(
            name=name,
            cells=cells,
            traced={run: traced[run] for _, run in cells if run in traced},
            serving=gateway.serving,
            device=gateway.device,
            memory=gateway.memory,
            share=(place, gateway.replicas),
            placement=gateway.placement,
        )
