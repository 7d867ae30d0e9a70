"""The projector's process: what its parent learns, however it ends."""

import signal

import pytest

from events.backends.sqlite.journal import SqliteJournal
from runtime.home import Home
from runtime.outcome import outcome_of
from runtime.projector_process import ProjectionFailed, ProjectorProcess
from runtime.recording import recorded_steps
from tests.acceptance.processes import processes_about
from tests.support.handmade import RUN


def test_projects_a_run_and_says_how_much(recorded: Home) -> None:
    with ProjectorProcess(recorded) as projector:
        projector.begin(RUN)
        done = projector.finish()
    assert done.steps == SqliteJournal(recorded.run_dir(RUN).journal).end()
    assert done.rows > done.steps
    assert not processes_about(recorded.path)


def test_says_what_the_run_came_to_even_when_another_had_projected_it_before(
    recorded: Home,
) -> None:
    expected = outcome_of(recorded_steps(SqliteJournal(recorded.run_dir(RUN).journal)))
    for _ in range(2):
        with ProjectorProcess(recorded) as projector:
            projector.begin(RUN)
            assert projector.finish().outcome == expected


def test_a_projector_that_is_not_needed_is_not_waited_for(home: Home) -> None:
    with ProjectorProcess(home):
        assert processes_about(home.path)
    assert not processes_about(home.path)


def test_a_projector_that_cannot_work_says_why(home: Home) -> None:
    (home.path / "version").write_text("another layout\n")
    with ProjectorProcess(home) as projector:
        projector.begin("none")
        with pytest.raises(
            ProjectionFailed, match=r"^clickhouse: home .* layout is 'another layout'"
        ):
            projector.finish()


def test_an_interrupt_is_left_to_the_parent_even_while_it_starts(
    recorded: Home, capfd: pytest.CaptureFixture[str]
) -> None:
    with ProjectorProcess(recorded) as projector:
        projector._process.send_signal(signal.SIGINT)
        projector.begin(RUN)
        assert projector.finish().steps == SqliteJournal(recorded.run_dir(RUN).journal).end()
    assert capfd.readouterr().err == ""


def test_a_projector_that_was_killed_is_told(recorded: Home) -> None:
    with ProjectorProcess(recorded) as projector:
        projector.begin(RUN)
        projector._process.kill()
        with pytest.raises(ProjectionFailed, match="ended with exit code -9"):
            projector.finish()
