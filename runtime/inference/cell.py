"""One cell that an inference gateway answers: its journal is read, its ingress is written."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from time import time_ns
from typing import Final
from zlib import crc32

from actors.kit.inputs import Input, recorded
from actors.patterns.candles import UnfitBars
from actors.patterns.recogniser import Abstention, Answer, Question
from actors.patterns.requests import Request, replies
from actors.patterns.serving.engine import Served
from events.codecs.json import decode_step
from events.ingress import Ingress
from events.journal import Journal, JournalTail
from events.market_log import MarketLog
from runtime.backtesting import known_instruments
from runtime.config import parse_spec
from runtime.history import step_at
from runtime.inference.engines import Engines
from runtime.inference.owed import Due, Owed
from runtime.inference.shelf import Wish
from runtime.telemetry.observed import Desk
from runtime.telemetry.taken import Performed
from runtime.wiring import wire
from schemas.cell import CellStarted
from schemas.envelope import Step, carries
from schemas.model import ModelServed
from schemas.quantities import Nanoseconds

STEPS_PER_TURN: Final = 2_000

type Answers = Future[Sequence[Served]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellParts:
    """What it takes to answer a cell.

    Attributes:
        writer: names this incarnation, so that no other one's numbers get in the way of its own.
        share: answer those moments whose checksum leaves the first when divided by the second.
        desk: is told how long each request took, if somebody wants to know.
    """

    journal: Journal
    ingress: Ingress
    market_log: MarketLog
    engines: Engines
    writer: str
    share: tuple[int, int] = (0, 1)
    desk: Desk | None = None


@dataclass(slots=True)
class _Batch:
    """Requests of a moment, and the answers to come once an engine was asked.

    Attributes:
        since: when they were put together, by the clock.
    """

    wish: Wish
    since: Nanoseconds
    requests: list[Request]
    questions: list[Question]
    answers: Answers | None = None

    @property
    def deadline(self) -> int:
        return self.requests[0].payload.deadline


class AnsweredCell:
    """Reads what a cell asks, and posts what the engines say.

    Attributes:
        position: number of the next step to be read.
        counters: what was done so far, by name.
    """

    def __init__(self, parts: CellParts) -> None:
        self._parts: Final = parts
        self._tail: Final[JournalTail] = parts.journal.tail()
        self._owed: Owed | None = None
        self._batches: list[_Batch] = []
        self._told: Final[dict[str, str]] = {}
        self._number = 0
        self.position = 0
        self.counters: Final = dict.fromkeys(("answers", "abstentions"), 0)

    @property
    def stopped(self) -> str:
        """Why the cell stopped last; empty while it is at work."""
        return "" if self._owed is None else self._owed.stopped

    @property
    def pending(self) -> list[Answers]:
        """What the engines are at."""
        return [each.answers for each in self._batches if each.answers is not None]

    @property
    def lag(self) -> int:
        """Steps that are there and not read yet."""
        return self._parts.journal.end() - self.position

    def turn(self) -> bool:
        """Read, ask and answer; whether there was something to do."""
        read = self._read()
        if self._owed is None:
            return read > 0
        for wish in self._owed.wishes:
            self._tell(wish)
        # Among steps that are left to be read may be the answers to what was asked before them.
        gathered = read < STEPS_PER_TURN and self._gather(self._owed)
        return self._go_on(self._owed) or gathered or read > 0

    def close(self) -> None:
        """Let go of the logs."""
        self._tail.close()
        self._parts.ingress.close()

    def _read(self) -> int:
        before = self.position
        for record in islice(self._tail.unread(asking=False), STEPS_PER_TURN):
            step = decode_step(record.body)
            if self._owed is None:
                self._owed = self._begun(step)
            self._owed.learn(step)
            self.position = record.seq + 1
        return self.position - before

    def _begun(self, first: Step) -> Owed:
        assert carries(first.input, CellStarted), "a journal begins so"
        spec = parse_spec(first.input.payload.configuration)
        wired = wire(spec, known_instruments(self._parts.market_log, spec))
        reached = step_at(self._parts.journal, self._parts.journal.end() - 1).ts
        owed = Owed(wired.recognising, since=reached)
        for wish in owed.wishes:  # Loaded before the first question comes.
            self._parts.engines.slot(wish)
        return owed

    def _gather(self, owed: Owed) -> bool:
        together = owed.take_due()
        for wish, due in together:
            if self._is_ours(due[0].request):
                self._put(wish, due)
        return bool(together)

    def _is_ours(self, request: Request) -> bool:
        place, members = self._parts.share
        asked = request.payload
        return crc32(f"{asked.recogniser}/{request.ts}".encode()) % members == place

    def _put(self, wish: Wish, together: Sequence[Due]) -> None:
        batch = _Batch(wish, time_ns(), [], [])
        for due in together:
            if isinstance(due.question, UnfitBars):
                detail = str(due.question)
                self._post(due.request, Abstention(reason="unfit_bars", detail=detail), batch)
            else:
                batch.requests.append(due.request)
                batch.questions.append(due.question)
        if batch.requests:
            self._batches.append(batch)

    def _go_on(self, owed: Owed) -> bool:
        """Ask what can be asked, and post what was answered."""
        left = [batch for batch in self._batches if not self._settled(batch, owed)]
        worked = len(left) < len(self._batches)
        self._batches = left
        return worked

    def _settled(self, batch: _Batch, owed: Owed) -> bool:
        """Ask or answer, if that can be done now; whether nothing is left to be done."""
        if batch.answers is None:
            slot = self._parts.engines.slot(batch.wish)
            if slot.engine is not None:
                within = batch.deadline - batch.requests[0].ts
                batch.answers = slot.engine.ask(batch.questions, within=within)
                return False
            if slot.trouble:
                unavailable = Abstention(reason="unavailable", detail=slot.trouble)
                for request in batch.requests:
                    self._post(request, unavailable, batch)
            # The cell does not wait any longer, and has said so itself.
            return bool(slot.trouble) or batch.deadline < owed.now
        if not batch.answers.done():
            return False
        for request, served in zip(batch.requests, batch.answers.result(), strict=True):
            self._post(request, served.answer, batch, served.model_digest)
        return True

    def _post(
        self, request: Request, answer: Answer, batch: _Batch, model_digest: str = ""
    ) -> None:
        for given in replies(request, answer, request.ts, model_digest=model_digest):
            self._say(given)
        self.counters["abstentions" if isinstance(answer, Abstention) else "answers"] += 1
        if self._parts.desk is not None:
            self._parts.desk.note(_performed(request, batch.since))

    def _tell(self, wish: Wish) -> None:
        """Let the cell record which model answers from now on."""
        slot = self._parts.engines.known(wish)
        if slot is None or not slot.digest or self._told.get(wish.use) == slot.digest:
            return
        self._told[wish.use] = slot.digest
        name = f"model/{self._parts.writer}/{self._number}"
        served = ModelServed(recogniser=wish.use, model_digest=slot.digest, device=slot.device)
        author = f"gateway.{wish.use}"
        self._say(Input(id=name, author=author, cause=name, correlation=name, ts=0, payload=served))

    def _say(self, given: Input) -> None:
        """Post it; the cell says when in the market it was taken."""
        event = recorded(given, given.ts, time_ns())
        self._parts.ingress.post(self._parts.writer, self._number, event)
        self._number += 1


def _performed(request: Request, since: Nanoseconds) -> Performed:
    return Performed(
        gateway=f"gateway.{request.payload.recogniser}",
        id=request.id,
        correlation=request.correlation,
        kind=request.kind,
        again=False,
        start=since,
        end=time_ns(),
    )
