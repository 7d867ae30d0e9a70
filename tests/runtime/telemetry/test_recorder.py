"""What is noted is seen to on another thread, and the thread that notes never waits."""

from threading import Event, get_ident

from runtime.telemetry.recorder import Recorder
from runtime.telemetry.taken import Flushed, Noted
from tests.support.waiting import wait_until


def test_sees_to_every_note_in_order_on_a_thread_of_its_own() -> None:
    seen: list[Noted] = []
    threads: set[int] = set()

    def see_to(notes: object) -> None:
        assert isinstance(notes, list)
        seen.extend(notes)
        threads.add(get_ident())

    recorder = Recorder(see_to)
    notes = [Flushed(duration=number) for number in range(1_000)]
    for note in notes:
        recorder.note(note)
    recorder.close(patience_s=30)
    assert seen == notes
    assert threads.isdisjoint({get_ident()})
    assert recorder.dropped == 0


def test_notes_beyond_the_capacity_are_dropped_and_counted_without_waiting() -> None:
    stuck, entered = Event(), Event()

    def see_to(_: object) -> None:
        entered.set()
        stuck.wait()

    recorder = Recorder(see_to, capacity=10)
    recorder.note(Flushed(duration=0))
    entered.wait()
    for number in range(25):
        recorder.note(Flushed(duration=number))
    assert (len(recorder), recorder.dropped) == (10, 15)
    recorder.close(patience_s=0.01)
    assert recorder.dropped == 25, "what waited when patience ended is dropped, too"
    stuck.set()


def test_closing_waits_for_what_is_being_seen_to() -> None:
    seen: list[Noted] = []
    recorder = Recorder(seen.extend)
    recorder.note(Flushed(duration=1))
    wait_until(lambda: bool(seen))
    recorder.note(Flushed(duration=2))
    recorder.close(patience_s=30)
    assert seen == [Flushed(duration=1), Flushed(duration=2)]
