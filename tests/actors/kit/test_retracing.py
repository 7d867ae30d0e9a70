"""Going on with a run that stopped: the same steps again, then new ones."""

import pytest

from actors.kit.deliberation import Deliberation
from actors.kit.inputs import Input, input_of
from actors.kit.lifecycle import lifecycle_input, lifecycle_step
from actors.kit.retracing import Diverged, Retracing
from actors.kit.sequencer import Sequencer
from events.backends.memory.journal import MemoryJournal
from events.codecs.json import decode_step
from events.decisions import DecisionHash
from events.journal import JournalWriter
from schemas.cell import CellLive, CellStarted, CellStopped
from schemas.envelope import Slice, Step
from tests.actors.kit.cells import IDENTITY, STARTED, Asker, event, observation
from tests.actors.kit.networks import given

INPUTS = [input_of(event(observation("ask"), f"i{number}", ts=number)) for number in range(6)]


class Run:
    """One attempt at a run, on a journal that attempts before it may have begun."""

    def __init__(self, journal: MemoryJournal, *, epoch: int = 1) -> None:
        self.writer: JournalWriter = journal.open()
        self.recorded = [decode_step(record.body) for record in journal.records()]
        self.caught_up_at: list[int] = []
        self.epoch = epoch
        self.retracing = Retracing(iter(self.recorded), self.writer, self._caught_up)
        self.sequencer = Sequencer(
            IDENTITY, Deliberation([Asker()]), self.retracing, epoch=epoch, recording_clock=int
        )

    def take(self, *inputs: Input) -> list[Step]:
        return [step for each in inputs if (step := self.sequencer.take(each)) is not None]

    def say(self, payload: CellStarted | CellLive | CellStopped) -> None:
        """Record something about the writer, as a host does."""
        said = lifecycle_input(IDENTITY, self.epoch, self.sequencer.now, payload)
        self.writer.append(lifecycle_step(IDENTITY, self.writer.head, self.epoch, said, 0))

    def _caught_up(self) -> None:
        self.caught_up_at.append(self.writer.head.next_seq)


def begun(count: int, *, lifecycle: bool = False) -> MemoryJournal:
    """A journal of a run that stopped after ``count`` inputs."""
    journal = MemoryJournal()
    run = Run(journal)
    if lifecycle:
        run.say(STARTED)
    run.take(*INPUTS[:count])
    if lifecycle:
        run.say(CellStopped(reason="operator"))
    run.writer.close()
    return journal


def bodies(journal: MemoryJournal) -> list[bytes]:
    return [record.body for record in journal.records()]


def decisions(journal: MemoryJournal) -> str:
    running = DecisionHash()
    for body in bodies(journal):
        running.update(decode_step(body))
    return running.hexdigest()


def test_a_new_run_has_nothing_to_retrace_and_is_caught_up_at_once() -> None:
    run = Run(MemoryJournal())
    assert not run.retracing.retracing
    assert run.caught_up_at == [0]


@pytest.mark.parametrize("stop", range(len(INPUTS) + 1))
def test_a_run_that_stopped_anywhere_ends_byte_for_byte_as_if_it_had_not(stop: int) -> None:
    journal = begun(stop)
    again = Run(journal)
    again.take(*INPUTS)
    again.writer.flush()
    assert bodies(journal) == bodies(begun(len(INPUTS)))
    assert again.caught_up_at == [stop]


def test_nothing_is_written_while_recorded_steps_are_ahead() -> None:
    journal = begun(3)
    run = Run(journal)
    run.take(*INPUTS[:2])
    assert run.retracing.retracing
    assert run.writer.head.next_seq == 3
    assert run.caught_up_at == []


def test_recomputed_steps_have_the_places_of_the_recorded_ones() -> None:
    run = Run(begun(3), epoch=2)
    steps = run.take(*INPUTS[:4])
    assert [(step.seq, step.prev_hash) for step in steps[:3]] == [
        (step.seq, step.prev_hash) for step in run.recorded
    ]
    assert (steps[3].seq, steps[3].epoch) == (3, 2)


def test_steps_about_the_writer_are_passed_over_on_both_sides() -> None:
    journal = begun(3, lifecycle=True)
    run = Run(journal, epoch=2)
    run.take(lifecycle_input(IDENTITY, 2, 0, STARTED), *INPUTS[:2])
    assert run.retracing.retracing
    run.take(lifecycle_input(IDENTITY, 2, 1, CellLive(recovered_steps=0)), INPUTS[2])
    assert run.caught_up_at == [5]
    run.take(*INPUTS[3:])
    run.writer.flush()
    assert [decode_step(body).seq for body in bodies(journal)] == list(range(8))
    assert decisions(journal) == decisions(begun(len(INPUTS)))


def test_a_run_that_stopped_twice_is_retraced_through_both() -> None:
    journal = begun(2, lifecycle=True)
    second = Run(journal, epoch=2)
    second.take(*INPUTS[:2])
    second.say(STARTED)
    second.take(*INPUTS[2:4])
    second.writer.close()
    third = Run(journal, epoch=3)
    third.take(*INPUTS)
    third.writer.flush()
    assert decisions(journal) == decisions(begun(len(INPUTS)))


def test_another_decision_is_shown_beside_the_recorded_one() -> None:
    run = Run(begun(3))
    run.take(INPUTS[0])
    with pytest.raises(Diverged, match=r"step 1 was recorded as market\.observation i1 > ") as end:
        run.take(input_of(event(observation("look"), "i1", ts=1)))
    assert len(end.value.recorded.outputs) == 1
    assert end.value.recomputed.outputs == ()


def test_the_same_decision_at_another_time_diverges() -> None:
    with pytest.raises(Diverged):
        Run(begun(1)).take(input_of(event(observation("ask"), "i0", ts=1)))


def test_the_same_decision_after_other_ticks_diverges() -> None:
    run = Run(begun(1))
    with pytest.raises(Diverged):
        run.sequencer.take(INPUTS[0], lambda _: (Slice("feed", 0, 0),))


def test_one_input_too_many_diverges() -> None:
    with pytest.raises(Diverged):
        Run(begun(2)).take(INPUTS[0], given(99))


def test_a_lifecycle_input_is_named_by_its_kind_and_epoch() -> None:
    names = {
        lifecycle_input(IDENTITY, epoch, 0, payload).id
        for epoch in (1, 2)
        for payload in (STARTED, CellLive(recovered_steps=0), CellStopped(reason="operator"))
    }
    assert len(names) == 6
    assert lifecycle_input(IDENTITY, 1, 9, STARTED).id in names
