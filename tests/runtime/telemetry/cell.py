"""A small cell that is watched or not: it asks models, raises signals, and logs."""

import logging
from collections.abc import Sequence

from actors.kit.runner import CellParts, CellRunner
from events.backends.files.span_file import SpanFile
from events.spans import Span
from runtime.telemetry.config import Watched
from runtime.telemetry.telemetry import Telemetry
from schemas.envelope import AnyEvent
from schemas.market import Observation
from schemas.registry import Payload
from schemas.signal import SignalRaised
from tests.actors.kit.cells import IDENTITY, STARTED, Asker, Bench, observation

WATCHED = Watched(cell=IDENTITY.cell, run=IDENTITY.run, host="h")


class Trader(Asker):
    """Raises a signal on an observation called ``buy``, and logs a warning on ``warn``."""

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        match event.payload:
            case Observation(name="buy"):
                self.learn(event)
                return [SignalRaised(instrument="A.B", direction="long")]
            case Observation(name="warn"):
                logging.getLogger("strategy").warning("my strategy has seen %s", "it")
                return []
            case _:
                return super().handle(event)


def parts(bench: Bench) -> CellParts:
    """The cell's parts; its clock starts at a millisecond and goes by microseconds."""
    clock = iter(range(1_000_000, 10_000_000, 1_000))
    return CellParts(
        identity=IDENTITY,
        deciders=(Trader(),),
        journal=bench.journal,
        ingress=bench.ingress,
        started=STARTED,
        recording_clock=lambda: next(clock),
        market_clock=lambda: bench.now,
    )


def run(bench: Bench, watching: Telemetry | None, *names: str) -> None:
    """Run the cell from its start to its stop; each name is an observation, and a turn."""
    given = parts(bench)
    runner = CellRunner(given if watching is None else watching.observer().around(given))
    runner.start()
    for name in names:
        bench.post(observation(name))
        runner.turn()
    runner.stop("finished")


def spans_in(file: SpanFile) -> list[Span]:
    """Everything that was written."""
    return [*file.read(0, 10_000_000)[0]] if file.end() else []
