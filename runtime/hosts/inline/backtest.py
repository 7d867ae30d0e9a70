"""A cell over recorded markets: windows go through the venue, what happens becomes steps."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

import msgspec

from actors.execution.venue import SimulatedVenue, Subscriptions, Window
from actors.kit.inputs import Input
from actors.kit.sequencer import Consumed, Sequencer
from runtime.hosts.inline.answering import Answering
from runtime.hosts.inline.cursor import MarketCursor
from schemas.envelope import AnyEvent, Origin, Slice, Step, carries
from schemas.market import Bar, MarketSlice
from schemas.order import OrderApproved, OrderCancelRequested
from schemas.pattern import PatternAbstained, PatternRecognised, PatternRequested
from schemas.quantities import Nanoseconds
from schemas.timer import TimerFired, TimerSet

_ANSWERS: Final = "answers"
"""Owner of the timers at which answers of recognisers arrive; no timer of theirs is recorded."""

_ORDERS: Final = (OrderApproved, OrderCancelRequested)


class BacktestHost:
    """Drives one cell and its simulated venue on the caller's thread.

    Args:
        sends_out: whether a gateway takes its orders, which reads them in the journal; what becomes
            of them is received then.
    """

    def __init__(
        self,
        sequencer: Sequencer,
        venue: SimulatedVenue,
        answering: Answering | None = None,
        *,
        sends_out: bool = False,
    ) -> None:
        self._sequencer: Final = sequencer
        self._venue: Final = venue
        self._answering: Final = answering
        self._acted_on: Final = (TimerSet,) if sends_out else (*_ORDERS, TimerSet)
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
        yield from self.introduce(prologue)
        self.begin(subscriptions)
        for window in windows:
            yield from self.advance(window)
        yield from self.finish()

    def introduce(self, prologue: Iterable[Input]) -> list[Step]:
        """Take what is known before the market moves; the steps that were made come back."""
        for given in prologue:
            self._happened(given)
        return self._made()

    def begin(self, subscriptions: Subscriptions) -> None:
        """Open the venue; once, before the first window."""
        self._venue.start(subscriptions, self._happened)

    def advance(self, window: Window) -> list[Step]:
        """Let the market move through a window; the steps that were made come back."""
        self._cursor.enter(window)
        self._venue.advance(window)
        self.rows += sum(record.rows for record in window.records)
        return self._made()

    def receive(self, given: Input, origin: Origin | None) -> list[Step]:
        """Take what does not come from the market, between two windows.

        It happens at the last moment that was consumed, whatever time it claims, so that who runs
        again takes it at the same place.
        """
        now = max(self.now, self._cursor.now)
        taken = self._waited_for(msgspec.structs.replace(given, ts=now), origin)
        if taken is not None:
            self._take(taken, self._cursor.consumed, origin)
        return self._made()

    def pause(self) -> list[Step]:
        """Record how much of the market was consumed, though nothing came of its last part."""
        rest = self._cursor.ahead()
        return self.receive(_slice_closed(rest, "recorded", self.now), None) if rest else []

    def finish(self) -> list[Step]:
        """The market is over: close what is due, and refer to all of it."""
        self._venue.finish()
        rest = self._cursor.rest()
        self._take(_slice_closed(rest, "end", self._sequencer.now), lambda _: rest)
        return self._made()

    def _waited_for(self, given: Input, origin: Origin | None) -> Input | None:
        """What is to be taken of it: an answer that nobody waits for is passed over."""
        if origin is None or not isinstance(given.payload, PatternRecognised | PatternAbstained):
            return given
        return None if self._answering is None else self._answering.arrived(given, origin.writer)

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

    def _take(self, given: Input, consumed: Consumed, origin: Origin | None = None) -> None:
        step = self._sequencer.take(given, consumed, origin)
        if step is None:
            return
        self._steps.append(step)
        if self._answering is not None:
            self._ask(self._answering, step)
        for output in step.outputs:
            if isinstance(output.payload, self._acted_on):
                self._act(output)

    def _act(self, output: AnyEvent) -> None:
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


def _slice_closed(
    rest: Sequence[Slice], reason: Literal["end", "recorded"], ts: Nanoseconds
) -> Input:
    end = "/".join(f"{part.source}:{part.to_seq}" for part in rest)
    name = f"{reason}/{end}"
    return Input(
        id=name,
        author="market",
        cause=name,
        correlation=name,
        ts=ts,
        payload=MarketSlice(reason=reason),
    )
