"""From an assignment to the program that does it; every host makes its programs here."""

from pathlib import Path

from runtime.backends import Backend, open_backend
from runtime.home import Home
from runtime.programs.feeding import FeedProgram
from runtime.programs.program import Program
from runtime.programs.specs import Assignment, CellSpec, FeedSpec, InferenceSpec, ProjectorSpec
from runtime.programs.trading import CellProgram
from runtime.results import BacktestResult, write_result
from runtime.serving import Announced, ServedModels


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
            if cell.asks:
                return CellProgram(cell, logs, conclude, elsewhere=Announced(models))
            return CellProgram(cell, logs, conclude, models)
        case InferenceSpec() as inference:
            from runtime.inference.shelf import HomeShelf
            from runtime.programs.inferring import InferenceProgram

            shelf = HomeShelf(home, inference.device, inference.memory)
            return InferenceProgram(inference, logs, shelf)
        case ProjectorSpec() as projector:
            from runtime.programs.projecting import ProjectorProgram

            return ProjectorProgram(projector, logs, home)
