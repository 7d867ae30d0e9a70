"""The inference engine: questions from many threads are gathered into batches for one recogniser.

It knows the clock and threads, and so is no decider: a gateway owns it. Replay needs none of it.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import Empty, PriorityQueue
from threading import Lock, Thread
from typing import Annotated, Final, Self

import msgspec
from msgspec import Meta

from actors.patterns.models.judging import OutOfMemory
from actors.patterns.recogniser import Abstention, Answer, Question, Recogniser
from schemas.quantities import Nanoseconds

_IDLE_S: Final = 0.05
"""How often an engine without work looks whether it is to stop."""


class ServingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How questions are gathered.

    Attributes:
        batch_max: questions that are answered together at most.
        wait_us: how long the first of a batch waits for others, microseconds.
    """

    batch_max: Annotated[int, Meta(ge=1)] = 64
    wait_us: Annotated[int, Meta(ge=0)] = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """An answer, and how it came about.

    Attributes:
        answer: ``Abstention("late")`` when the deadline had passed, whatever was seen.
        model_digest: of the recogniser that answered, which a swap may have changed meanwhile.
        latency: from asking to answering, nanoseconds.
        beside: how many questions were answered together.
    """

    question: Question
    answer: Answer
    model_digest: str
    latency: Nanoseconds
    beside: int


@dataclass(order=True, slots=True)
class _Waiting:
    """Questions that were asked together, and so are answered together."""

    priority: int
    number: int
    questions: Sequence[Question] = field(compare=False)
    asked: Nanoseconds = field(compare=False)
    deadline: Nanoseconds | None = field(compare=False)
    future: "Future[Sequence[Served]]" = field(compare=False)


class Stopped(RuntimeError):
    """The engine answers no more questions."""


class Engine:
    """Answers questions on a thread of its own, in order of priority and then of asking.

    A batch that does not fit into memory is halved until it does; one question alone that does not
    fit goes to ``fallback``. Whatever else a recogniser raises becomes an abstention for each
    question of the batch. ``with`` starts it and stops it; what still waits then is abstained from.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        config: ServingConfig | None = None,
        *,
        fallback: Recogniser | None = None,
        clock: Callable[[], Nanoseconds] = time.monotonic_ns,
    ) -> None:
        self._recogniser = recogniser
        self._config: Final = config or ServingConfig()
        self._fallback = fallback
        self._clock: Final = clock
        self._queue: Final[PriorityQueue[_Waiting]] = PriorityQueue()
        self._lock: Final = Lock()
        self._asked = 0
        self._stopping = False
        self._thread: Final = Thread(target=self._serve, name="inference", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._stopping = True
        self._thread.join()
        while not self._queue.empty():
            self._abstain(self._queue.get(), Abstention(reason="stopped"))

    @property
    def recogniser(self) -> Recogniser:
        """Who answers the next batch."""
        return self._recogniser

    def swap(self, recogniser: Recogniser, *, fallback: Recogniser | None = None) -> None:
        """Let another recogniser answer from the next batch on; a batch is answered by one alone.

        Load it and ask it something before, on any thread, so that its first batch is not its
        slowest: the engine goes on answering meanwhile.
        """
        with self._lock:
            self._recogniser, self._fallback = recogniser, fallback

    def ask(
        self,
        questions: Sequence[Question],
        *,
        within: Nanoseconds | None = None,
        priority: int = 0,
    ) -> "Future[Sequence[Served]]":
        """Put questions in line, such as those of all instruments that closed a bar together; their
        answers come together, in order.

        Args:
            within: nanoseconds after which answers are of no use; by default they always are.
            priority: smaller numbers go first.

        Raises:
            Stopped: the engine is.
        """
        now = self._clock()
        deadline = None if within is None else now + within
        with self._lock:
            if self._stopping:
                raise Stopped("the engine has stopped")
            self._asked += 1
            waiting = _Waiting(priority, self._asked, questions, now, deadline, Future())
            self._queue.put(waiting)
        return waiting.future

    def _serve(self) -> None:
        while not self._stopping:
            batch = self._gathered()
            if batch:
                with self._lock:
                    recogniser, fallback = self._recogniser, self._fallback
                questions = [question for each in batch for question in each.questions]
                self._finish(batch, _answers(recogniser, questions, fallback), recogniser)

    def _gathered(self) -> list[_Waiting]:
        """The next batch, without what was of no use any more before it began."""
        try:
            batch = [self._queue.get(timeout=_IDLE_S)]
        except Empty:
            return []
        until = self._clock() + self._config.wait_us * 1_000
        while sum(len(each.questions) for each in batch) < self._config.batch_max:
            left = until - self._clock()
            try:
                batch.append(self._queue.get(block=left > 0, timeout=max(left, 0) / 1e9))
            except Empty:
                break
        in_time = []
        for each in batch:
            if self._is_late(each):
                self._abstain(each, Abstention(reason="late"))
            else:
                in_time.append(each)
        return in_time

    def _finish(
        self, batch: Sequence[_Waiting], answers: Sequence[Answer], recogniser: Recogniser
    ) -> None:
        told = iter(answers)
        for waiting in batch:
            own = [next(told) for _ in waiting.questions]
            if self._is_late(waiting):
                own = [Abstention(reason="late")] * len(own)
            self._tell(waiting, own, recogniser.model_digest, len(answers))

    def _abstain(self, waiting: _Waiting, abstention: Abstention) -> None:
        same = [abstention] * len(waiting.questions)
        self._tell(waiting, same, self._recogniser.model_digest, 0)

    def _tell(
        self, waiting: _Waiting, answers: Sequence[Answer], model_digest: str, beside: int
    ) -> None:
        latency = self._clock() - waiting.asked
        waiting.future.set_result(
            [
                Served(
                    question=question,
                    answer=answer,
                    model_digest=model_digest,
                    latency=latency,
                    beside=beside,
                )
                for question, answer in zip(waiting.questions, answers, strict=True)
            ]
        )

    def _is_late(self, waiting: _Waiting) -> bool:
        return waiting.deadline is not None and self._clock() > waiting.deadline


def _answers(
    recogniser: Recogniser, questions: Sequence[Question], fallback: Recogniser | None
) -> Sequence[Answer]:
    """As many together as memory has room for, and what fits nowhere by the fallback."""
    try:
        return recogniser.recognise(questions)
    except OutOfMemory as error:
        if len(questions) > 1:
            half = len(questions) // 2
            first = _answers(recogniser, questions[:half], fallback)
            return [*first, *_answers(recogniser, questions[half:], fallback)]
        if fallback is None or fallback is recogniser:
            return [Abstention(reason="out_of_memory", detail=str(error))]
        return _answers(fallback, questions, None)
    except Exception as error:  # noqa: BLE001  # a broken device must not stall who waits
        return [Abstention(reason="failed", detail=str(error))] * len(questions)
