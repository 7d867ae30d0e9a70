"""One life of a program: what ends it is seen, and nothing happens behind its end."""

import gc
from pathlib import Path
from weakref import ref

import pytest
from msgspec.structs import replace

from events.errors import Unreachable
from runtime.backends import JournalConfig, MemoryBackend
from runtime.home import Home
from runtime.ingesting import DataConfig
from runtime.programs.feeding import FeedProgram
from runtime.programs.incarnation import Incarnation, Rest
from runtime.programs.program import ProgramStatus, Stage
from runtime.programs.specs import Assignment, FeedSpec
from tests.runtime.programs.days import FEED


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "home")


def life(home: Home, spec: FeedSpec, backend: MemoryBackend) -> Incarnation:
    assignment = Assignment(program=spec, journal=JournalConfig(), home=str(home.path))
    return Incarnation(assignment, backend=backend)


def test_it_begins_works_and_ends_in_order(home: Home) -> None:
    backend = MemoryBackend()
    feed = life(home, FEED, backend)
    assert feed.seen.beat is None
    while feed.advance():
        assert feed.seen.beat is not None
    assert feed.status is not None
    assert feed.status.stage is Stage.FINISHED
    feed.stop("test")
    assert feed.seen.ended
    assert feed.over
    for source in backend.market_log().sources():
        backend.market_log().open(source).close()  # Nobody holds it any more.


def test_an_error_ends_it_and_is_seen(home: Home) -> None:
    nowhere = replace(FEED, data=DataConfig(paths=("nowhere.csv",)))
    feed = life(home, nowhere, MemoryBackend())
    assert feed.advance()
    assert "nowhere.csv" in feed.seen.error
    assert feed.over
    assert not feed.advance()
    feed.stop("test")
    assert not feed.seen.ended


def test_who_cannot_say_how_it_is_has_failed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_: FeedProgram) -> ProgramStatus:
        raise Unreachable("no broker")

    feed = life(home, FEED, MemoryBackend())
    feed.advance()
    monkeypatch.setattr(FeedProgram, "status", silent)
    assert feed.advance()
    assert feed.seen.error == "Unreachable: no broker"


def test_an_error_that_knows_itself_keeps_nothing_of_the_program(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Engine:
        """May be dropped by the thread only that made it."""

    kept: list[ref[Engine]] = []

    def failing(_: FeedProgram) -> bool:
        engine = Engine()
        kept.append(ref(engine))
        error = Unreachable("no broker")
        raise error from error

    monkeypatch.setattr(FeedProgram, "turn", failing)
    feed = life(home, FEED, MemoryBackend())
    feed.advance()
    gc.disable()
    try:
        feed.advance()
        assert feed.seen.error == "Unreachable: no broker"
        assert kept[0]() is None
    finally:
        gc.enable()


def test_who_is_let_go_of_does_nothing_any_more(home: Home) -> None:
    backend = MemoryBackend()
    feed = life(home, FEED, backend)
    feed.advance()
    feed.advance()
    (source,) = backend.market_log().sources()
    written = backend.market_log().end(source)
    feed.close()
    assert not feed.advance()
    assert backend.market_log().end(source) == written
    feed.close()


def test_pauses_grow_while_there_is_nothing_to_do() -> None:
    rest = Rest()
    assert [rest.after(worked=False) for _ in range(7)] == [
        *(0.001, 0.002, 0.004, 0.008, 0.016),
        *(0.02, 0.02),
    ]
    assert rest.after(worked=True) == 0.0
    assert rest.after(worked=False) == 0.001
