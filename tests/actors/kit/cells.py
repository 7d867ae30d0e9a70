"""Small cells to test the kit on: deciders, logs that survive, and a clock to set."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from actors.kit.runner import CellParts, CellRunner
from actors.kit.sequencer import Identity
from actors.kit.shapes import Decider
from events.backends.memory.faults import FaultPlan
from events.backends.memory.ingress import MemoryIngress
from events.backends.memory.journal import MemoryJournal
from events.codecs.json import decode_step
from events.ingress import Ingress
from schemas.cell import CellStarted
from schemas.envelope import AnyEvent, Event, Step
from schemas.market import Observation, PriceType, Quote
from schemas.pattern import PatternAbstained, PatternRequested
from schemas.registry import Payload
from schemas.timer import TimerFired, TimerSet

IDENTITY: Final = Identity(cell="test", run="test")
STARTED: Final = CellStarted(
    code_hash="c", config_hash="d", deciders=("asker",), configuration="{}", version="0"
)


class Asker:
    """Asks a model about every observation called ``ask``, sets a timer for one called ``wake``."""

    author: Final = "asker"
    consumes: Final[frozenset[type[Payload]]] = frozenset(
        {Observation, PatternAbstained, TimerFired}
    )

    def __init__(self) -> None:
        self.heard: list[str] = []

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        self.learn(event)
        match event.payload:
            case Observation(name="ask"):
                return [asked(event.id)]
            case Observation(name="wake", value=at):
                return [TimerSet(name="wake", at=int(at))]
            case Observation(name="crash"):
                raise ArithmeticError("a decider fails")
            case TimerFired():
                return [asked(event.id)]
            case _:
                return []

    def learn(self, event: AnyEvent) -> None:
        self.heard.append(event.id)


def asked(instrument: str) -> PatternRequested:
    """A request to a model."""
    return PatternRequested(
        instrument=instrument,
        interval="1m",
        price_type=PriceType.MID,
        recogniser="model",
        bars=1,
        window_hash="",
        deadline=0,
    )


class Bench:
    """One cell's journal and ingress, which survive, and runners, which come and go."""

    def __init__(
        self, faults: FaultPlan | None = None, ingress: MemoryIngress | None = None
    ) -> None:
        self.journal: Final = MemoryJournal(faults)
        self.ingress: Final = ingress or MemoryIngress()
        self.asker = Asker()
        self.now = 0

    def runner(
        self, deciders: Sequence[Decider] | None = None, ingress: Ingress | None = None
    ) -> CellRunner:
        """A fresh runner, not started, after the crash of the one before."""
        self.journal.crash()
        self.asker = Asker()
        return CellRunner(
            CellParts(
                identity=IDENTITY,
                deciders=deciders or (self.asker,),
                journal=self.journal,
                ingress=ingress or self.ingress,
                started=STARTED,
                recording_clock=lambda: 0,
                market_clock=lambda: self.now,
            )
        )

    def started(self) -> CellRunner:
        """A fresh runner that has recovered."""
        runner = self.runner()
        runner.start()
        return runner

    def post(self, *payloads: Payload, writer: str = "world", names: Iterable[str] = ()) -> None:
        """Post payloads as first causes, each named by its writer and number or as asked."""
        given = iter(names)
        for payload in payloads:
            number = self.ingress.next_number(writer)
            self.ingress.post(writer, number, event(payload, next(given, f"{writer}/{number}")))

    @property
    def steps(self) -> list[Step]:
        """What is durable."""
        return [decode_step(record.body) for record in self.journal.records()]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the durable inputs."""
        return [step.input.kind for step in self.steps]


def event(
    payload: Payload, name: str, *, author: str = "world", cause: str = "", ts: int = 0
) -> AnyEvent:
    """An event that somebody says, by default the world."""
    return Event(
        id=name,
        author=author,
        cause=cause or name,
        correlation=cause or name,
        ts=ts,
        ts_recorded=ts,
        payload=payload,
    )


def observation(name: str, value: float = 0.0) -> Observation:
    """Something to see."""
    return Observation(name=name, value=value)


def quote(source: str, seq: int, *, ts: int = 0) -> AnyEvent:
    """A tick."""
    price, size = Decimal(seq + 1), Decimal(1)
    payload = Quote(instrument="A.B", bid=price, ask=price, bid_size=size, ask_size=size)
    return event(payload, f"{source}:{seq}", ts=ts)
