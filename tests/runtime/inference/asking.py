"""A cell that asks a recogniser elsewhere, on logs in memory, and gateways that answer it."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Event as Flag

import msgspec
import numpy as np
from numpy.typing import NDArray

from actors.patterns.config import PatternConfig
from actors.patterns.models.card import CARD, read_card
from actors.patterns.models.judging import OutOfMemory
from actors.patterns.recogniser import Answer, Question, Recogniser, Recognition
from actors.patterns.requests import Request
from events.backends.memory.journal import MemoryJournal
from events.codecs.json import decode_step
from events.replay import Verdict, compare
from runtime.backends import MemoryBackend
from runtime.backtesting import known_instruments
from runtime.config import BacktestConfig, StrategyConfig
from runtime.home import Home
from runtime.hosts.inline.answering import Recorded
from runtime.hosts.inline.given import given_in
from runtime.inference.shelf import Opened, Wish
from runtime.ingesting import DataConfig
from runtime.programs.feeding import FeedProgram
from runtime.programs.inferring import InferenceProgram
from runtime.programs.market_bound import SessionProgram
from runtime.programs.program import Stage
from runtime.programs.specs import CellSpec, FeedSpec, InferenceSpec
from runtime.programs.trading import Trading
from runtime.replaying import recomputed
from runtime.results import BacktestResult
from runtime.training.registry import SHIPPED
from runtime.wiring import wire
from schemas.envelope import Step, carries
from schemas.model import ModelServed
from schemas.pattern import PatternAbstained, PatternRecognised, PatternRequested
from schemas.quantities import Nanoseconds
from tests.acceptance import in_memory
from tests.runtime.test_recognising import MINUTES
from tests.support.waiting import wait_until

SHIPPED_MODEL = SHIPPED / "fast-eurusd"
CELL, RUN = "paper", "paper-1"
HOUR_MS = 3_600_000
DATA = DataConfig(paths=(str(MINUTES),))
FEED = FeedSpec(name="files", data=DATA, rows_per_record=1)


@dataclass
class Follower:
    """Says that the last bar goes on, whichever version it is."""

    model_digest: str = "v1"
    name: str = "follower"
    bars: int = 5
    free: Flag = field(default_factory=Flag)

    def __post_init__(self) -> None:
        self.free.set()

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        assert self.free.wait(10)
        return [(self._seen(question),) for question in questions]

    def picture(self, question: Question) -> NDArray[np.uint8] | None:
        return None

    def _seen(self, question: Question) -> Recognition:
        rises = question.candles.close[-1] >= question.candles.open[-1]
        return Recognition(
            pattern=self.model_digest, direction="long" if rises else "short", horizon=1
        )


@dataclass
class OneShelf:
    """Opens what a test put on it; its device may have no room, so many times."""

    recogniser: Recogniser = field(default_factory=Follower)
    refusals: int = 0
    opened: list[tuple[str, bool]] = field(default_factory=list)
    error: Exception | None = None

    def version(self, wish: Wish) -> str:
        return f"{wish.use}/{self.recogniser.model_digest}"

    def open(self, wish: Wish, *, spare: bool) -> Opened:
        self.opened.append((wish.use, spare))
        if self.error is not None:
            raise self.error
        if not spare and self.refusals:
            self.refusals -= 1
            raise OutOfMemory("the card is full")
        return Opened(recogniser=self.recogniser, fallback=None, device="cpu" if spare else "cuda")


def trading(deadline_ms: int = HOUR_MS) -> BacktestConfig:
    """What the cell does: it confirms moving averages by the recogniser."""
    return BacktestConfig(
        data=(DATA,),
        strategies=(StrategyConfig(use="pattern_confirmation", parameters={"second": "follower"}),),
        patterns=(PatternConfig(use="follower", every=10, deadline_ms=deadline_ms),),
    )


@dataclass
class Asking:
    """A feed, a cell and a gateway; each can be killed, and goes on."""

    deadline_ms: int = HOUR_MS
    shelf: OneShelf = field(default_factory=OneShelf)
    backend: MemoryBackend = field(default_factory=MemoryBackend)
    results: list[BacktestResult] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sources = in_memory.ingested([MINUTES])[1]
        self.feed = FeedProgram(FEED, self.backend.market_log())
        self.feed.start()
        self.cell = self.new_cell()
        self.gateway = self.new_gateway()

    def new_cell(self) -> SessionProgram:
        spec = CellSpec(
            name=CELL, run=RUN, sources=self.sources, trading=trading(self.deadline_ms), asks=True
        )
        cell = SessionProgram(
            Trading(spec, self.backend, self.results.append, elsewhere={"follower": 5})
        )
        cell.start()
        return cell

    def new_gateway(self, share: tuple[int, int] = (0, 1)) -> InferenceProgram:
        spec = InferenceSpec(name="models", cells=((CELL, RUN),), share=share)
        gateway = InferenceProgram(spec, self.backend, self.shelf)
        gateway.start()
        return gateway

    def kill_cell(self) -> None:
        """What was not flushed is gone."""
        self.journal.crash()
        self.cell.close()
        self.cell = self.new_cell()

    def answered(self, gateway: InferenceProgram | None = None) -> None:
        """Let a gateway work until it has nothing to do."""
        while (gateway or self.gateway).turn():
            pass

    def run_out(self) -> None:
        """Let all work, in turn, until there is nothing to do."""
        while self.feed.turn() | self.cell.turn() | self.gateway.turn():
            pass

    @property
    def stages(self) -> set[Stage]:
        programs = (self.feed, self.cell, self.gateway)
        return {each.status().stage for each in programs}

    @property
    def journal(self) -> MemoryJournal:
        journal = self.backend.journal(CELL, RUN)
        assert isinstance(journal, MemoryJournal)
        return journal

    def steps(self) -> list[Step]:
        return [decode_step(stored.body) for stored in self.journal.records()]

    def verified(self) -> Verdict:
        """The session again, from the market, what it was given, and the answers in the record."""
        log = self.backend.market_log()
        spec = CellSpec(name=CELL, run=RUN, sources=self.sources, trading=trading(self.deadline_ms))
        instruments = known_instruments(log, spec.spec)
        wired = wire(spec.spec, instruments, elsewhere={"follower": 5})
        wired = replace(wired, run=RUN, cell=CELL)
        given = tuple(given_in(self.journal.records()))
        steps = self.steps()
        again = recomputed(wired, log, given, steps[-1], Recorded(steps))
        return compare(iter(steps), again)


def loaded(session: Asking) -> Asking:
    """With its first model in place, before the market goes on."""

    def there() -> bool:
        session.feed.turn()
        session.cell.turn()
        session.answered()
        return any(isinstance(step.input.payload, ModelServed) for step in session.steps())

    wait_until(there)
    return session


def in_turn(session: Asking) -> None:
    """To the end, with time for the gateway after each turn of the cell."""
    while session.feed.turn() | session.cell.turn():
        session.answered()
    session.run_out()


def swapped() -> Asking:
    """A whole session, at whose beginning another model took the place of the first."""
    session = loaded(Asking())
    while session.gateway.status().counters["answers"] < 5:
        session.feed.turn()
        session.cell.turn()
        session.answered()
    session.shelf.recogniser = Follower("v2")
    wait_until(lambda: session.gateway.turn() is not None and len(session.shelf.opened) > 1)
    in_turn(session)
    return session


def keep_a_model(home: Home) -> str:
    """Put another model of the shipped one's name into a home; its digest comes back."""
    digest, own = "0" * 32, home.models / SHIPPED_MODEL.name / "000000000000"
    shutil.copytree(SHIPPED_MODEL, own)
    card = msgspec.structs.replace(read_card(SHIPPED_MODEL), digest=digest)
    (own / CARD).write_bytes(msgspec.json.encode(card))
    return digest


def requests(steps: Sequence[Step]) -> dict[str, Request]:
    """What was asked, by id."""
    asked = (each for step in steps for each in step.outputs)
    return {each.id: each for each in asked if carries(each, PatternRequested)}


def outcomes(steps: Sequence[Step]) -> Iterator[tuple[str, str, Nanoseconds]]:
    """For each answer the request, the version or the reason, and when it was taken."""
    for step in steps:
        match step.input.payload:
            case PatternRecognised(request=request, pattern=version):
                yield request, version, step.ts
            case PatternAbstained(request=request, reason=reason):
                yield request, reason, step.ts


def counted(steps: Sequence[Step]) -> Counter[str]:
    """How often each version and reason answered; every request has one answer at most."""
    found = list(outcomes(steps))
    assert len(found) == len({request for request, _, _ in found})
    return Counter(what for _, what, _ in found)
