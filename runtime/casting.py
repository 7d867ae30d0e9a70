"""From a topology to what every program is told: names of sources and runs are settled once."""

from actors.feeds.files import FileFeed
from runtime.backends import Backend, open_backend
from runtime.config import RunSpec, save_config
from runtime.history import step_at
from runtime.home import Home, run_id
from runtime.programs.feeding import file_sets
from runtime.programs.specs import (
    Assignment,
    CellSpec,
    FeedSpec,
    ProgramSpec,
    ProjectorSpec,
)
from runtime.topology import PROJECTOR, CellConfig, FeedConfig, Topology


def cast(topology: Topology, home: Home, *, new: bool = False) -> tuple[Assignment, ...]:
    """An assignment a program: feeds, cells, and the projector.

    Args:
        new: give every cell a run of its own, though an unfinished one could be gone on with.

    Raises:
        FeedError: a feed's path or format is wrong.
        LogError: the logs cannot be read.
    """
    backend = open_backend(topology.journal, home, topology.host.durability)
    sources = {feed.name: _sources(topology, feed) for feed in topology.feeds}
    cells = tuple(_cell(cell, sources, home, backend, new=new) for cell in topology.cells)
    programs: list[ProgramSpec] = [*(_feed(topology, feed) for feed in topology.feeds), *cells]
    if topology.projector.enabled:
        programs.append(
            ProjectorSpec(
                name=PROJECTOR,
                cells=tuple((cell.name, cell.run) for cell in cells),
                placement=topology.projector.placement,
            )
        )
    return tuple(
        Assignment(
            program=program,
            journal=topology.journal,
            home=str(home.path),
            durability=topology.host.durability,
        )
        for program in programs
    )


def _sources(topology: Topology, feed: FeedConfig) -> tuple[str, ...]:
    sets = file_sets(feed.data, topology.instruments)
    return tuple(FileFeed(files, feed.data.quality).source for files in sets)


def _feed(topology: Topology, feed: FeedConfig) -> FeedSpec:
    return FeedSpec(
        name=feed.name,
        data=feed.data,
        instruments=topology.instruments,
        pace=feed.pace,
        rows_per_record=feed.rows_per_record,
        placement=feed.placement,
    )


def _cell(
    cell: CellConfig,
    sources: dict[str, tuple[str, ...]],
    home: Home,
    backend: Backend,
    *,
    new: bool,
) -> CellSpec:
    followed = tuple(source for name in cell.feeds for source in sources[name])
    spec = RunSpec(config=cell.trading, sources=followed)
    run = _run(cell.name, spec.digest(), home, backend, new=new)
    save_config(home.run_dir(run).config, cell.trading)
    return CellSpec(
        name=cell.name,
        run=run,
        sources=followed,
        trading=cell.trading,
        placement=cell.placement,
    )


def _run(cell: str, digest: str, home: Home, backend: Backend, *, new: bool) -> str:
    """The newest run of this cell and configuration if it can go on, else a new one."""
    attempt = 1
    while True:
        run = run_id(cell, digest, attempt)
        journal = backend.journal(cell, run)
        begun = journal.end() > 0
        is_ours = not begun or step_at(journal, 0).cell == cell
        is_over = home.run_dir(run).result.exists()
        if is_ours and not is_over and not (begun and new):
            return run
        attempt += 1
