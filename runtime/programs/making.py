"""From an assignment to the program that does it; every host makes its programs here."""

from pathlib import Path

from msgspec import UNSET

from runtime.backends import Backend, open_backend
from runtime.home import Home
from runtime.programs.exchanging import Exchanging
from runtime.programs.executing import ExecutionProgram
from runtime.programs.feeding import FeedProgram
from runtime.programs.market_bound import SessionProgram
from runtime.programs.overseeing import FirmProgram
from runtime.programs.program import Program
from runtime.programs.searching import SearchProgram
from runtime.programs.specs import (
    Assignment,
    CellSpec,
    ExchangeSpec,
    ExecutionSpec,
    FeedSpec,
    FirmSpec,
    InferenceSpec,
    ProjectorSpec,
    SearchSpec,
    TrialsSpec,
)
from runtime.programs.trading import Trading
from runtime.programs.trying import TrialsProgram
from runtime.results import BacktestResult, write_result
from runtime.serving import Announced, ServedModels
from runtime.telemetry.config import Watched
from runtime.telemetry.opening import Watch, watch


def made(assignment: Assignment, backend: Backend | None = None) -> Program:
    """A fresh incarnation, which goes on from what earlier ones made durable.

    Args:
        backend: the logs, where they cannot be opened by configuration because they are in memory.
    """
    home = Home.existing(Path(assignment.home))
    logs = backend or open_backend(assignment.journal, home, assignment.durability)
    match assignment.program:
        case FeedSpec() as feed:
            return FeedProgram(feed, logs.market_log())
        case CellSpec() as cell:

            def conclude(result: BacktestResult) -> None:
                write_result(home.run_dir(cell.run).result, result)

            models = ServedModels(home, cell.spec.config.patterns)
            spans = home.run_dir(cell.run).spans
            watching = watch(cell.trading.telemetry, Watched(cell=cell.name, run=cell.run), spans)
            if cell.asks:
                elsewhere = Announced(models)
                return SessionProgram(
                    Trading(cell, logs, conclude, elsewhere=elsewhere, watch=watching)
                )
            return SessionProgram(Trading(cell, logs, conclude, models, watch=watching))
        case InferenceSpec() as inference:
            from runtime.inference.shelf import HomeShelf
            from runtime.programs.inferring import InferenceProgram

            shelf = HomeShelf(home, inference.device, inference.memory)
            watches = _watches(inference, home)
            return InferenceProgram(inference, logs, shelf, watches)
        case ExchangeSpec() as exchange:
            return SessionProgram(Exchanging(exchange, logs))
        case ExecutionSpec() as execution:
            return ExecutionProgram(execution, logs, _watch_of(execution, home))
        case FirmSpec() as firm:
            return FirmProgram(firm, logs)
        case SearchSpec() as search:
            return SearchProgram(search, logs)
        case TrialsSpec() as trials:
            served = ServedModels(home, trials.terms.spec.config.patterns)
            return TrialsProgram(trials, logs, served)
        case ProjectorSpec() as projector:
            from runtime.programs.projecting import ProjectorProgram

            return ProjectorProgram(projector, logs, home)


def _watches(gateway: InferenceSpec, home: Home) -> dict[str, Watch]:
    """By run, what begins to watch what the gateway does for it."""
    found = {
        run: watch(
            gateway.traced.get(run, UNSET),
            Watched(cell=cell, run=run),
            home.run_dir(run).spans_of(gateway.name),
        )
        for cell, run in gateway.cells
    }
    return {run: begin for run, begin in found.items() if begin is not None}


def _watch_of(gateway: ExecutionSpec, home: Home) -> Watch | None:
    """What begins to watch what the gateway does, if it is watched."""
    spans = home.run_dir(gateway.run).spans_of(gateway.name)
    return watch(gateway.telemetry, Watched(cell=gateway.cell, run=gateway.run), spans)
