"""Numbered, stamped, answered, appended: how an input becomes a step."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from actors.kit.deliberation import Deliberation
from actors.kit.inputs import input_of
from actors.kit.sequencer import Sequencer
from events.backends.memory.journal import MemoryJournal
from events.codecs.json import decode_step
from schemas.envelope import AnyEvent, Origin, Slice, Step
from schemas.market import Quote
from schemas.order import OrderFilled, Side
from schemas.quantities import Money
from schemas.registry import Payload
from schemas.strategy import StrategyRetired
from tests.actors.kit.cells import IDENTITY, Asker, event, observation, quote
from tests.actors.kit.networks import given


class Watcher:
    """Hears every quote, and answers those of an even price."""

    author = "watcher"
    consumes: frozenset[type[Payload]] = frozenset({Quote})

    def __init__(self) -> None:
        self.heard: list[str] = []

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        self.learn(event)
        assert isinstance(event.payload, Quote)
        even = event.payload.bid % 2 == 0
        return [StrategyRetired(strategy=event.id, reason="even")] if even else []

    def learn(self, event: AnyEvent) -> None:
        self.heard.append(event.id)


class Cell:
    """A sequencer on a journal in memory."""

    def __init__(self) -> None:
        self.watcher = Watcher()
        self.writer = MemoryJournal().open()
        self.recorded_at = 100
        self.sequencer = Sequencer(
            IDENTITY,
            Deliberation([Asker(), self.watcher]),
            self.writer,
            epoch=3,
            recording_clock=lambda: self.recorded_at,
        )

    def take(self, told: AnyEvent, origin: Origin | None = None) -> Step | None:
        return self.sequencer.take(input_of(told), origin=origin)


def origin(number: int) -> Origin:
    return Origin(number, "feed", number)


def fill(trade_id: str) -> AnyEvent:
    payload = OrderFilled(
        client_order_id="o",
        instrument="A.B",
        strategy="s",
        trade_id=trade_id,
        side=Side.BUY,
        quantity=Decimal(1),
        price=Decimal(1),
        commission=Money(Decimal(0), "USD"),
        liquidity="none",
    )
    return event(payload, trade_id)


def test_steps_are_numbered_and_chained_on_the_journals_head() -> None:
    cell = Cell()
    first, second = (cell.sequencer.take(given(number)) for number in range(2))
    assert first is not None
    assert second is not None
    assert (first.seq, second.seq, second.epoch) == (0, 1, 3)
    assert (second.cell, second.run) == (IDENTITY.cell, IDENTITY.run)
    assert first.prev_hash != second.prev_hash
    assert cell.writer.head.next_seq == 2


def test_market_time_never_goes_back() -> None:
    cell = Cell()
    times = []
    for name, ts in (("a", 10), ("b", 5), ("c", 11)):
        step = cell.take(event(observation("x"), name, ts=ts))
        assert step is not None
        times.append((step.ts, step.input.ts))
    assert times == [(10, 10), (10, 10), (11, 11)]


def test_an_input_and_its_answers_share_the_times_of_the_step() -> None:
    cell = Cell()
    step = cell.take(event(observation("ask"), "a", ts=10))
    assert step is not None
    assert [(each.ts, each.ts_recorded) for each in step.events] == [(10, 100), (10, 100)]


def test_an_input_with_a_known_business_key_is_counted_and_leaves_no_step() -> None:
    cell = Cell()
    assert cell.take(fill("T1")) is not None
    assert cell.take(fill("T1")) is None
    assert cell.sequencer.duplicates == 1
    assert cell.writer.head.next_seq == 1


def test_a_trade_id_that_looks_like_a_tick_is_no_tick() -> None:
    cell = Cell()
    assert cell.take(fill("VENUE:7")) is not None
    assert cell.take(fill("VENUE:5")) is not None
    assert cell.take(fill("VENUE:5")) is None


def test_a_tick_from_the_log_that_nobody_answers_leaves_no_step() -> None:
    cell = Cell()
    assert cell.take(quote("feed", 0)) is None
    assert cell.take(quote("feed", 1)) is not None
    assert cell.watcher.heard == ["feed:0", "feed:1"]


def test_a_posted_tick_is_recorded_even_when_nobody_answers() -> None:
    cell = Cell()
    step = cell.take(quote("feed", 0), origin(0))
    assert step is not None
    assert step.outputs == ()
    assert step.origin == origin(0)


def test_a_posted_tick_that_comes_again_is_shown_to_nobody() -> None:
    cell = Cell()
    for number, seq in enumerate((0, 1, 1, 0)):
        cell.take(quote("feed", seq), origin(number))
    assert cell.take(quote("other", 0), origin(4)) is not None
    assert cell.watcher.heard == ["feed:0", "feed:1", "other:0"]
    assert cell.sequencer.duplicates == 2


def test_a_folded_step_is_known_and_moves_time_and_decides_nothing() -> None:
    recorded = Cell().take(event(observation("ask"), "a", ts=10))
    assert recorded is not None
    cell = Cell()
    cell.sequencer.fold(recorded)
    assert cell.writer.head.next_seq == 0
    assert cell.sequencer.now == 10
    assert cell.take(event(observation("ask"), "a", ts=10)) is None


def test_slices_are_asked_for_at_the_time_of_the_step() -> None:
    cell, asked = Cell(), []

    def consumed(now: int) -> tuple[Slice, ...]:
        asked.append(now)
        return (Slice("feed", 0, now),)

    cell.sequencer.take(input_of(event(observation("x"), "a", ts=10)), consumed)
    step = cell.sequencer.take(input_of(event(observation("x"), "b", ts=4)), consumed)
    assert step is not None
    assert asked == [10, 10]
    assert step.slices == (Slice("feed", 0, 10),)


def test_a_decider_that_fails_leaves_nothing_in_the_journal() -> None:
    cell = Cell()
    with pytest.raises(ArithmeticError, match="a decider fails"):
        cell.take(event(observation("crash"), "a"))
    assert cell.writer.head.next_seq == 0


def test_the_journals_codec_gives_back_what_was_taken() -> None:
    journal = MemoryJournal()
    with journal.open() as writer:
        sequencer = Sequencer(
            IDENTITY, Deliberation([Asker()]), writer, epoch=1, recording_clock=lambda: 0
        )
        taken = sequencer.take(
            input_of(event(observation("ask"), "a", cause="c", ts=5)), origin=origin(7)
        )
    assert [decode_step(record.body) for record in journal.records()] == [taken]
