"""The projector as a program: journals, and the market behind them, into ClickHouse."""

from typing import Final

from events.backends.files.span_file import SpanFiles
from projections.layout import prepare
from projections.projector import Projector
from projections.store.chdb import ChdbStore
from projections.store.server import QueryServer
from runtime.backends import Backend
from runtime.home import Home
from runtime.programs.ending import has_ended
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.specs import ProjectorSpec


class ProjectorProgram:
    """Owns the embedded ClickHouse, keeps it up with the logs, and answers questions meanwhile.

    It implements ``Program``. The logs are the truth, so one that was killed goes on from the last
    checkpoint.
    """

    def __init__(self, spec: ProjectorSpec, backend: Backend, home: Home) -> None:
        self._spec: Final = spec
        self._home: Final = home
        self._market_log: Final = backend.market_log()
        self._journals: Final = {run: backend.journal(cell, run) for cell, run in spec.cells}
        self._projectors: dict[str, Projector] = {}
        self._store: ChdbStore | None = None
        self._server: QueryServer | None = None
        self._finished = False

    def start(self) -> None:
        """Open ClickHouse.

        Raises:
            StoreInUse: another process has it.
        """
        self._store = store = ChdbStore(self._home.clickhouse)
        prepare(store)
        self._server = QueryServer(store, self._home.clickhouse_socket)
        for run, journal in self._journals.items():
            made = Projector(store, self._market_log, journal, run, sources=self._spec.sources)
            made.follow(SpanFiles(self._home.run_dir(run).path))
            for other in self._projectors.values():
                made.checkpoints = other.checkpoints
            self._projectors[run] = made

    def turn(self) -> bool:
        complete = all(has_ended(journal) for journal in self._journals.values())
        worked = False
        for projector in self._projectors.values():
            worked |= projector.turn(everything=complete)
        self._finished = complete and not worked
        return worked

    def stop(self, reason: str) -> None:  # noqa: ARG002 - what it writes are rows, not reasons
        """Project everything that is durable."""
        for projector in self._projectors.values():
            while projector.turn():
                pass
        self.close()

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._store is not None:
            self._store.close()
            self._store = None

    def status(self) -> ProgramStatus:
        progress = {run: each.progress() for run, each in self._projectors.items()}
        position = {run: each.steps for run, each in progress.items()}
        return ProgramStatus(
            name=self._spec.name,
            kind="projector",
            stage=Stage.FINISHED if self._finished else Stage.RUNNING,
            position=position,
            lag={run: self._journals[run].end() - steps for run, steps in position.items()},
            counters={"rows": sum(each.rows for each in progress.values())},
        )
