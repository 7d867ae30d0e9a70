"""The control socket: for its user alone, and a wish that cannot be granted is answered."""

import socket
import stat
from pathlib import Path

import msgspec
import pytest

from events.ingress import Ingress
from runtime.backends import JournalConfig, MemoryBackend
from runtime.control.client import NotUp, Refused, ask
from runtime.control.desk import Desk
from runtime.control.messages import Answer, Ask
from runtime.control.server import ControlServer
from runtime.home import Home
from runtime.programs.specs import Assignment, FirmSpec
from runtime.supervision.supervisor import Supervisor
from runtime.terms import FirmTerms
from schemas.operator import DOWN, PAUSE, RESTART, OperatorCommanded
from tests.runtime.supervision.test_supervisor import CARE, FakeHost, assignments


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "home")


def said(ingress: Ingress) -> list[tuple[str, dict[str, str], str]]:
    found = []
    for posted in ingress.poll(0, 100):
        payload = posted.event.payload
        assert isinstance(payload, OperatorCommanded)
        found.append((payload.command, payload.arguments, payload.operator))
    return found


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend()


@pytest.fixture
def supervisor() -> Supervisor:
    host = FakeHost()
    made = Supervisor(host, assignments(), CARE, lambda: host.now)
    made.launch()
    return made


@pytest.fixture
def desk(supervisor: Supervisor, backend: MemoryBackend) -> Desk:
    return Desk(supervisor, assignments(), backend, "fake")


def test_nobody_else_may_open_the_socket(home: Home) -> None:
    with ControlServer(home.control_socket, lambda _: Answer()):
        assert stat.S_IMODE(home.control_socket.stat().st_mode) == 0o600
    assert not home.control_socket.exists()


def test_what_a_dead_system_left_is_replaced(home: Home) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(home.control_socket))
    with pytest.raises(NotUp, match="nothing is up"):
        ask(home, Ask(verb="status"))
    with ControlServer(home.control_socket, lambda _: Answer(pid=7)):
        assert ask(home, Ask(verb="status")).pid == 7


def test_where_nothing_is_up_that_is_said(home: Home) -> None:
    with pytest.raises(NotUp, match="`wakeline up TOPOLOGY`"):
        ask(home, Ask(verb="status"))


def test_nonsense_and_errors_are_answered_and_disturb_nobody(home: Home) -> None:
    def fulfil(wish: Ask) -> Answer:
        if wish.verb == "down":
            raise ArithmeticError("no")
        return Answer(pid=7)

    with ControlServer(home.control_socket, fulfil):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(home.control_socket))
            connection.sendall(b"nonsense\n")
            told = msgspec.json.decode(connection.recv(1_000), type=Answer)
        assert "DecodeError" in told.error
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(home.control_socket))  # And goes without a word.
        with pytest.raises(Refused, match="ArithmeticError: no"):
            ask(home, Ask(verb="down"))
        assert ask(home, Ask(verb="status")).pid == 7


def test_a_command_is_posted_in_the_operators_name(desk: Desk, backend: MemoryBackend) -> None:
    answer = desk.fulfil(Ask(verb="command", name="c", command=PAUSE, operator="ada"))
    (posted,) = backend.ingress("c").poll(0, 10)
    assert answer.commands == {"c": posted.event.id}
    assert said(backend.ingress("c")) == [(PAUSE, {}, "ada")]


def test_what_is_said_to_a_firm_is_posted_into_its_ingress(
    supervisor: Supervisor, backend: MemoryBackend
) -> None:
    firm = FirmSpec(run="house-1", terms=FirmTerms(name="house", cells=(("c", "c-1"),)))
    added = Assignment(program=firm, journal=JournalConfig(), home="h")
    desk = Desk(supervisor, [*assignments(), added], backend, "fake")
    told = Ask(verb="command", name="house", command="risk.flatten", operator="ada")
    assert desk.fulfil(told).error == ""
    assert said(backend.ingress("house-1")) == [("risk.flatten", {}, "ada")]
    paused = desk.fulfil(Ask(verb="command", name="house", command=PAUSE))
    assert paused.error.startswith("command 'cell.pause': there is risk.halt")


def test_a_restart_and_the_end_are_recorded_in_every_cell(
    desk: Desk, backend: MemoryBackend, supervisor: Supervisor
) -> None:
    desk.fulfil(Ask(verb="restart", name="f", operator="ada"))
    desk.fulfil(Ask(verb="down", operator="ada"))
    assert said(backend.ingress("c")) == [(RESTART, {"actor": "f"}, "ada"), (DOWN, {}, "ada")]
    assert {each.name: each.restarts for each in supervisor.statuses()}["f"] == 1
    assert supervisor.run() == "stopped"


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        (Ask(verb="command", name="x", command=PAUSE), "cell 'x': there is c"),
        (Ask(verb="command", name="f", command=PAUSE), "cell 'f': there is c"),
        (Ask(verb="command", name="c", command="cell.fly"), "command 'cell.fly': there is"),
        (Ask(verb="restart", name="x"), "actor 'x': there is projector, c, f"),
    ],
)
def test_a_wish_about_nobody_is_refused_and_not_recorded(
    desk: Desk, backend: MemoryBackend, wish: Ask, complaint: str
) -> None:
    assert desk.fulfil(wish).error.startswith(complaint)
    assert said(backend.ingress("c")) == []
