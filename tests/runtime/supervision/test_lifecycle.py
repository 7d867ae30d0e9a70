"""The life of a supervised program, one sight at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.supervision.lifecycle import Act, Care, Life, Phase, Seen
from runtime.supervision.policy import Heartbeat, RestartPolicy

CARE = Care(
    heartbeat=Heartbeat(interval_ms=100, timeout_ms=1_000, start_ms=5_000),
    restart=RestartPolicy(backoff_min_ms=100, backoff_max_ms=350, limit=3, window_s=10.0),
)
FAILED = Seen(error="Broken: why")


def running(since: float = 0.0) -> Life:
    return Life(phase=Phase.RUNNING, since=since)


def test_a_program_runs_once_it_has_finished_a_turn() -> None:
    life, acts = CARE.born(0.0)
    assert acts == (Act.LAUNCH,)
    assert CARE.looked(life, Seen(), 1.0) == (life, ())
    life, acts = CARE.looked(life, Seen(beat=1.5), 2.0)
    assert (life.phase, acts) == (Phase.RUNNING, ())


def test_a_failure_is_killed_for_good_before_it_is_replaced() -> None:
    life, acts = CARE.looked(running(), FAILED, 5.0)
    assert (life.phase, life.error, acts) == (Phase.BACKING_OFF, "Broken: why", (Act.KILL,))
    assert CARE.looked(life, FAILED, 5.05)[1] == ()
    life, acts = CARE.looked(life, FAILED, 5.11)
    assert (life.phase, life.restarts, acts) == (Phase.STARTING, 1, (Act.LAUNCH,))


def test_pauses_double_up_to_the_longest_and_the_limit_ends_it() -> None:
    life, now, pauses = running(), 0.0, []
    for _ in range(3):
        life, _ = CARE.looked(life, FAILED, now)
        pauses.append(round(life.retry_at - now, 3))
        now = life.retry_at
        life, acts = CARE.looked(life, FAILED, now)
        assert acts == (Act.LAUNCH,)
    assert pauses == [0.1, 0.2, 0.35]
    life, acts = CARE.looked(life, FAILED, now)
    assert (life.phase, acts) == (Phase.DEGRADED, (Act.KILL, Act.GIVE_UP))
    assert CARE.looked(life, FAILED, now + 100) == (life, ())


def test_failures_that_are_long_past_do_not_count() -> None:
    life, now = running(), 0.0
    for _ in range(20):
        life, acts = CARE.looked(life, FAILED, now)
        assert acts == (Act.KILL,)
        assert life.retry_at - now == pytest.approx(0.1)
        now = life.retry_at
        life, _ = CARE.looked(life, FAILED, now)
        now += 11.0


def test_silence_counts_as_a_failure_and_a_slow_start_does_not() -> None:
    assert CARE.looked(Life(phase=Phase.STARTING, since=0.0), Seen(), 4.9)[1] == ()
    assert CARE.looked(running(), Seen(beat=10.0), 10.9)[1] == ()
    life, acts = CARE.looked(running(), Seen(beat=10.0), 11.1)
    assert (life.phase, acts) == (Phase.BACKING_OFF, (Act.KILL,))
    assert life.error == "hung: no turn was finished for 1.1 s"


def test_an_operator_forgives_what_failed() -> None:
    degraded = Life(phase=Phase.DEGRADED, since=0.0, failures=(1.0, 2.0, 3.0, 4.0), error="x")
    life, acts = CARE.restarted(degraded, 5.0)
    assert acts == (Act.KILL, Act.LAUNCH)
    assert (life.phase, life.failures, life.error) == (Phase.STARTING, (), "")


def test_who_ended_in_order_stays_away() -> None:
    life, acts = CARE.looked(running(), Seen(beat=1.0, ended=True), 2.0)
    assert (life.phase, acts) == (Phase.STOPPED, ())


@given(st.lists(st.tuples(st.floats(0.001, 2.0), st.sampled_from(["beat", "silent", "failed"]))))
def test_nothing_is_launched_beside_another_incarnation(sights: list[tuple[float, str]]) -> None:
    now, alive = 0.0, False
    life, acts = CARE.born(now)
    beat: float | None = None
    for passed, sight in [(0.0, "born"), *sights]:
        now += passed
        if sight != "born":
            beat = now if sight == "beat" else beat
            seen = FAILED if sight == "failed" else Seen(beat=beat)
            life, acts = CARE.looked(life, seen, now)
        for act in acts:
            match act:
                case Act.LAUNCH:
                    assert not alive
                    alive = True
                case Act.KILL:
                    alive = False
                case Act.GIVE_UP:
                    assert len(life.failures) > CARE.restart.limit


@pytest.mark.parametrize(
    ("made", "field"),
    [
        (lambda: RestartPolicy(backoff_min_ms=10, backoff_max_ms=5), "backoff_max_ms"),
        (lambda: Heartbeat(interval_ms=100, timeout_ms=100), "timeout_ms"),
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused(made: object, field: str) -> None:
    with pytest.raises(ValueError, match=f"`{field}`"):
        made()  # type: ignore[operator]
