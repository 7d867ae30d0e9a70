"""Steps to watch, made of observations, signals and orders."""

from collections.abc import Sequence

from runtime.telemetry.taken import Taken
from schemas.envelope import GENESIS, AnyEvent, Step
from schemas.order import OrderRequested, Side
from schemas.pattern import PatternRequested
from schemas.registry import Payload
from schemas.signal import SignalRaised
from tests.actors.kit.cells import asked, event, observation
from tests.support.handmade import answer, ticket

SIGNAL = SignalRaised(instrument="EUR/USD.FXCM", direction="long")
ORDER = OrderRequested(ticket=ticket("o", Side.BUY))
REQUEST: PatternRequested = asked("EUR/USD.FXCM")


def step(
    given: AnyEvent, outputs: Sequence[AnyEvent] = (), *, seq: int = 0, recorded: int = 1_000_000
) -> Step:
    """A step of cell ``main`` and run ``r``."""
    return Step(
        cell="main",
        run="r",
        seq=seq,
        epoch=1,
        prev_hash=GENESIS,
        ts=given.ts,
        ts_recorded=recorded,
        slices=(),
        input=given,
        outputs=tuple(outputs),
    )


def seen(name: str, *answers: Payload, seq: int = 0) -> Step:
    """A step on an observation of that name, and what one author answered."""
    given = event(observation(name), name)
    outputs = [answer("asker", given, payload, n) for n, payload in enumerate(answers)]
    return step(given, outputs, seq=seq)


def taken(what: Step, *, kept: bool = True) -> Taken:
    """A step that nobody timed."""
    return Taken(
        step=what,
        kept=kept,
        answered={},
        posted=None,
        appending=0,
        appended=0,
        wall=what.ts_recorded,
    )
