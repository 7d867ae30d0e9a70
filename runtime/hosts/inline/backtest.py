"""A cell over recorded markets: windows go through the venue, what happens becomes steps."""

from collections.abc import Iterable, Iterator
from typing import Final

from actors.execution.venue import SimulatedVenue, Subscriptions, Window
from actors.kit.inputs import Input
from actors.kit.sequencer import Consumed, Sequencer
from runtime.hosts.inline.answering import Answering
from runtime.hosts.inline.cursor import MarketCursor
from schemas.envelope import Step, carries
from schemas.market import Bar, MarketSlice
from schemas.order import OrderApproved, OrderCancelRequested
from schemas.pattern import PatternRequested
from schemas.quantities import Nanoseconds
from schemas.timer import TimerFired, TimerSet

_ANSWERS: Final = "answers"
"""Owner of the timers at which answers of recognisers arrive; no timer of theirs is recorded."""


class BacktestHost:
    """Drives one cell and its simulated venue on the caller's thread."""

    def __init__(
        self, sequencer: Sequencer, venue: SimulatedVenue, answering: Answering | None = None
    ) -> None:
        self._sequencer: Final = sequencer
        self._venue: Final = venue
        self._answering: Final = answering
        self._cursor: Final = MarketCursor()
        self._steps: list[Step] = []
        self.rows = 0

    @property
    def now(self) -> Nanoseconds:
        """Market time of the last input."""
        return self._sequencer.now

    def steps(
        self, prologue: Iterable[Input], subscriptions: Subscriptions, windows: Iterable[Window]
    ) -> Iterator[Step]:
        """Run everything; steps come window by window, as they were made.

        Raises:
            Exception: whatever a decider, the venue or the journal raised. The run ends there.
        """
        for given in prologue:
            self._happened(given)
        yield from self._made()
        self._venue.start(subscriptions, self._happened)
        for window in windows:
            self._cursor.enter(window)
            self._venue.advance(window)
            self.rows += sum(record.rows for record in window.records)
            yield from self._made()
        self._venue.finish()
        self._close()
        yield from self._made()

    def _made(self) -> list[Step]:
        steps, self._steps = self._steps, []
        return steps

    def _happened(self, given: Input) -> None:
        timer = given.payload
        if isinstance(timer, TimerFired) and timer.owner == _ANSWERS:
            assert self._answering is not None, "nobody else sets such a timer"
            for answer in self._answering.due(timer.name, given.ts):
                self._take(answer, self._cursor.consumed)
        else:
            self._take(given, self._cursor.consumed)

    def _close(self) -> None:
        """Record that the rest of the market was consumed; the journal then refers to all of it."""
        rest = self._cursor.rest()
        end = "/".join(f"{part.source}:{part.to_seq}" for part in rest)
        given = Input(
            id=f"end/{end}",
            author="market",
            cause=f"end/{end}",
            correlation=f"end/{end}",
            ts=self._sequencer.now,
            payload=MarketSlice(reason="end"),
        )
        self._take(given, lambda _: rest)

    def _take(self, given: Input, consumed: Consumed) -> None:
        step = self._sequencer.take(given, consumed)
        if step is None:
            return
        self._steps.append(step)
        if self._answering is not None:
            self._ask(self._answering, step)
        for output in step.outputs:
            if carries(output, OrderApproved):
                self._venue.submit(output)
            elif carries(output, OrderCancelRequested):
                self._venue.cancel(output)
            elif carries(output, TimerSet):
                self._venue.set_timer(output.author, output.payload.name, output.payload.at)

    def _ask(self, answering: Answering, step: Step) -> None:
        if isinstance(step.input.payload, Bar):
            answering.heard(step.input.payload)
        for output in step.outputs:
            if carries(output, PatternRequested):
                at = answering.asked(output)
                if at is not None:
                    self._venue.set_timer(_ANSWERS, output.id, at)
