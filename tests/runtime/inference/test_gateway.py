"""A gateway elsewhere: every request has one answer, whoever dies, and the session verifies."""

from random import Random

import pytest

from runtime.programs.program import Stage
from schemas.errors import UserError
from schemas.model import ModelServed
from schemas.pattern import PatternAbstained, PatternRecognised
from schemas.signal import SignalRaised
from tests.runtime.inference.asking import (
    Asking,
    OneShelf,
    counted,
    in_turn,
    loaded,
    outcomes,
    requests,
    swapped,
)
from tests.support.waiting import wait_until


def test_answers_come_through_the_ingress_and_strategies_hear_them() -> None:
    session = loaded(Asking())
    in_turn(session)
    steps = session.steps()
    answers = [s for s in steps if isinstance(s.input.payload, PatternRecognised)]
    assert len(answers) > 50
    for step in answers:
        assert step.origin is not None
        assert isinstance(step.input.payload, PatternRecognised)
        assert step.input.payload.latency == step.ts - requests(steps)[step.input.cause].ts
    raised = [e for s in steps for e in s.outputs if isinstance(e.payload, SignalRaised)]
    assert raised
    assert session.stages == {Stage.FINISHED}
    assert session.verified().identical


def test_what_is_not_answered_by_its_deadline_is_late_and_what_comes_later_is_not_heard() -> None:
    session = loaded(Asking(deadline_ms=120_000))
    while not session.gateway.status().counters["answers"]:
        session.feed.turn()
        session.cell.turn()
        session.answered()
    while session.feed.turn() | session.cell.turn():
        pass
    session.answered()
    assert session.gateway.status().counters["answers"] < 10
    session.run_out()
    steps = session.steps()
    found, asked = counted(steps), requests(steps)
    assert found["late"] > 50
    assert 0 < found["v1"] < 10
    for request, what, ts in outcomes(steps):
        if what == "late":
            assert ts == asked[request].payload.deadline + 1
    assert session.verified().identical


@pytest.mark.parametrize("seed", range(6))
def test_whoever_dies_and_whoever_lives_twice_every_request_has_one_answer(seed: int) -> None:
    random, session = Random(seed), loaded(Asking())
    ghosts = []
    for _ in range(2_500):
        match random.random():
            case draw if draw < 0.003:
                session.kill_cell()
            case draw if draw < 0.006:
                ghosts.append(session.gateway)
                session.gateway = session.new_gateway()
            case draw if draw < 0.03:
                session.feed.turn()
            case draw if draw < 0.4:
                session.cell.turn()
            case draw if draw < 0.9 or not ghosts:
                session.gateway.turn()
            case _:
                random.choice(ghosts).turn()
    in_turn(session)
    steps = session.steps()
    found = counted(steps)
    assert set(found) <= {"v1", "late"}
    assert found["v1"] > 50
    asked = requests(steps)
    for request in asked.keys() - {request for request, _, _ in outcomes(steps)}:
        assert asked[request].payload.deadline >= steps[-1].ts, "the market was over before"
    assert session.verified().identical


def test_another_incarnation_answers_what_the_last_one_did_not() -> None:
    session = loaded(Asking())
    while not requests(session.steps()):
        session.feed.turn()
        session.cell.turn()
    asked = len(requests(session.steps()))
    session.gateway.close()
    session.gateway = session.new_gateway()
    wait_until(lambda: session.gateway.turn() is not None and bool(_answers(session)))
    session.answered()
    assert _answers(session) == asked
    session.cell.turn()
    assert counted(session.steps())["v1"] == asked


def _answers(session: Asking) -> int:
    return session.gateway.status().counters["answers"]


def test_two_that_share_the_work_answer_all_of_it_once() -> None:
    session = loaded(Asking())
    session.gateway.close()
    session.gateway, other = session.new_gateway((0, 2)), session.new_gateway((1, 2))
    for gateway in (session.gateway, other):
        wait_until(lambda gateway=gateway: gateway.turn())  # type: ignore[misc]
    while session.feed.turn() | session.cell.turn():
        session.answered()
        session.answered(other)
    session.cell.turn()
    counts = [each.status().counters["answers"] for each in (session.gateway, other)]
    assert min(counts) > 10
    assert counted(session.steps())["v1"] >= sum(counts) - 1
    assert session.verified().identical


def test_a_model_is_swapped_between_two_answers_and_the_record_says_when() -> None:
    session = swapped()
    steps = session.steps()
    served = [s.input.payload for s in steps if isinstance(s.input.payload, ModelServed)]
    assert [each.model_digest for each in served] == ["v1", "v2"]
    versions = [what for _, what, _ in outcomes(steps)]
    assert versions == sorted(versions)
    assert set(versions) == {"v1", "v2"}
    assert session.verified().identical


def test_a_model_that_cannot_be_opened_is_an_abstention_and_a_trouble() -> None:
    session = Asking(shelf=OneShelf(error=UserError("model fast-eurusd: there is no such model")))
    wait_until(lambda: session.feed.turn() | session.cell.turn() and bool(_trouble(session)))
    in_turn(session)
    assert _trouble(session) == "follower: model fast-eurusd: there is no such model"
    reasons = {
        step.input.payload.detail: step.input.payload.reason
        for step in session.steps()
        if isinstance(step.input.payload, PatternAbstained)
    }
    assert reasons["model fast-eurusd: there is no such model"] == "unavailable"
    assert session.verified().identical


def _trouble(session: Asking) -> str:
    session.gateway.turn()
    return session.gateway.status().waits_for
