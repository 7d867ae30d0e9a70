"""Actors that raise, that hang, and whose mailbox is full."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pykka
import pytest

from runtime.hosts.pykka.host import PykkaHost
from runtime.hosts.pykka.mailbox import Mailbox, MailboxFull
from runtime.programs.feeding import FeedProgram
from runtime.programs.market_bound import SessionProgram
from runtime.programs.program import Program
from runtime.supervision.lifecycle import Phase
from tests.runtime.hosts.systems import CARE, INTERVAL_MS, System, home_at, paced, topology
from tests.runtime.programs.days import hash_of_backtest

pytestmark = [pytest.mark.xdist_group("hosts"), pytest.mark.timeout(120)]

type Turn[P: Program] = Callable[[P], bool]


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    host = PykkaHost(INTERVAL_MS, bound=2)
    yield System(home_at(tmp_path / "home"), host, topology(pace=1_200), paced(CARE, 2_000))
    host.close()
    pykka.ActorRegistry.stop_all(timeout=5)


@pytest.mark.parametrize(("kind", "name"), [(FeedProgram, "files"), (SessionProgram, "paper")])
def test_an_actor_that_raises_now_and_then_is_replaced_and_changes_nothing(
    system: System,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[FeedProgram] | type[SessionProgram],
    name: str,
) -> None:
    whole = cast("Turn[Program]", kind.turn)
    turns = 0

    def turn(program: Program) -> bool:
        nonlocal turns
        turns += 1
        before = turns % 40 == 0
        if before:
            raise ArithmeticError("before the turn")
        worked = whole(program)
        if turns % 40 == 20 and turns < 200:
            raise ArithmeticError("behind the turn")
        return worked

    monkeypatch.setattr(kind, "turn", turn)
    system.supervisor.launch()
    system.turned_until(lambda: system.actor(name).restarts >= 5)
    monkeypatch.setattr(kind, "turn", whole)
    assert system.supervisor.run(0.005) == "finished"
    assert "ArithmeticError" in system.actor(name).error
    assert system.decision_hash() == hash_of_backtest()


def test_a_thread_that_hangs_is_replaced_when_it_is_awake_again_and_never_beside_itself(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, awake = SessionProgram.turn, threading.Event()

    def turn(program: SessionProgram) -> bool:
        if system.step_count() > 30:
            awake.wait()
        return whole(program)

    monkeypatch.setattr(SessionProgram, "turn", turn)
    system.supervisor.launch()
    system.turned_until(lambda: system.actor("paper").phase is Phase.HANGING)
    assert system.actor("paper").error.endswith("this host cannot end it")
    assert system.actor("files").phase is Phase.RUNNING, "the rest goes on"
    system.turned_until(lambda: system.actor("paper").mailbox == 1)  # It was told to die.
    monkeypatch.setattr(SessionProgram, "turn", whole)
    awake.set()
    assert system.supervisor.run(0.005) == "finished"
    assert system.decision_hash() == hash_of_backtest()


class Busy(pykka.ThreadingActor):
    """Has a mailbox for two messages, and reads one only when it may."""

    def __init__(self, may: threading.Semaphore) -> None:
        super().__init__()
        self._may = may
        self.heard: list[object] = []
        assert isinstance(self.actor_inbox, Mailbox)
        self.actor_inbox.bound, self.actor_inbox.patience_s = 2, 0.1

    @staticmethod
    def _create_actor_inbox() -> Mailbox:
        return Mailbox()

    def on_start(self) -> None:
        assert isinstance(self.actor_inbox, Mailbox)
        self.actor_inbox.owner = threading.get_ident()

    def on_receive(self, message: object) -> object:
        self._may.acquire()
        self.heard.append(message)
        if message == "talk":
            for number in range(5):
                self.actor_ref.tell(f"to itself {number}")
        return tuple(self.heard)


def test_a_sender_waits_for_room_and_is_told_when_there_is_none() -> None:
    may = threading.Semaphore(0)
    ref = Busy.start(may)
    inbox = ref.actor_inbox
    assert isinstance(inbox, Mailbox)
    ref.tell("handled")
    while not inbox.empty():
        pass
    ref.tell("first")
    ref.tell("second")
    with pytest.raises(MailboxFull, match="2 messages wait"):
        ref.tell("third")
    threading.Timer(0.02, may.release).start()
    ref.tell("fourth")  # There is room as soon as "first" is taken.
    may.release(10)
    assert ref.ask("last", timeout=5) == ("handled", "first", "second", "fourth", "last")
    ref.stop()


def test_an_actor_may_tell_itself_more_than_the_bound() -> None:
    ref = Busy.start(threading.Semaphore(100))
    ref.tell("talk")
    heard = ref.ask("last", timeout=5)
    assert isinstance(heard, tuple)
    assert len(heard) >= 2
    ref.stop()
