"""The life of one supervised program, as a decider: what is seen of it leads to what is done.

Times are seconds of a clock that only grows.
"""

from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from runtime.supervision.policy import Heartbeat, RestartPolicy


class Phase(StrEnum):
    """What a supervisor makes of a program."""

    STARTING = "starting"
    RUNNING = "running"
    BACKING_OFF = "backing_off"
    """It failed, and is replaced when its pause is over."""
    DEGRADED = "degraded"
    """It failed too often, and is left alone until an operator restarts it."""
    HANGING = "hanging"
    """It failed, and its host cannot end it: it is replaced when it has ended by itself."""
    STOPPED = "stopped"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an incarnation.

    Attributes:
        beat: when it last finished a turn; ``None`` before the first.
        error: what ended it; empty while it lives.
        ended: it ended in order.
        gone: it can do nothing any more, though its host could not end it at once.
    """

    beat: float | None = None
    error: str = ""
    ended: bool = False
    gone: bool = False


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """Where a program is under supervision.

    Attributes:
        since: when the phase began.
        failures: times of those that still count.
        retry_at: when a replacement is due, while it backs off.
        restarts: replacements so far.
        error: why it failed last.
    """

    phase: Phase
    since: float
    failures: tuple[float, ...] = ()
    retry_at: float = 0.0
    restarts: int = 0
    error: str = ""


class Act(StrEnum):
    """What a supervisor does about it."""

    LAUNCH = "launch"
    """Make another incarnation."""
    KILL = "kill"
    """Make sure that the old one can do nothing any more, before anything else."""
    GIVE_UP = "give_up"
    """Tell somebody: it stays away."""


type Acts = tuple[Act, ...]
type Decided = tuple[Life, Acts]

_NOTHING: Final[Acts] = ()


class Care(msgspec.Struct, frozen=True, kw_only=True):
    """How a program is looked after."""

    heartbeat: Heartbeat = Heartbeat()
    restart: RestartPolicy = RestartPolicy()

    def born(self, now: float) -> Decided:
        """The beginning."""
        return Life(phase=Phase.STARTING, since=now), (Act.LAUNCH,)

    def looked(self, life: Life, seen: Seen, now: float) -> Decided:
        """What to do, whatever is seen; nothing, mostly."""
        match life.phase:
            case Phase.STARTING | Phase.RUNNING:
                return self._living(life, seen, now)
            case Phase.BACKING_OFF if now >= life.retry_at:
                return _launched(life, now)
            case Phase.HANGING if seen.gone:
                again, acts = _launched(life, now)
                return again, (Act.KILL, *acts)
            case _:
                return life, _NOTHING

    def restarted(self, life: Life, now: float) -> Decided:
        """An operator wants another incarnation: what failed before is forgiven."""
        again, acts = _launched(replace(life, failures=(), error=""), now)
        return again, (Act.KILL, *acts)

    def undying(self, life: Life, now: float) -> Life:
        """It was to be killed, and its host cannot."""
        error = f"{life.error or 'restart asked for'}; this host cannot end it"
        given_up = life.phase is Phase.DEGRADED
        return replace(
            life, phase=life.phase if given_up else Phase.HANGING, since=now, error=error
        )

    def stopped(self, life: Life, now: float) -> Life:
        """It was asked to end, and did."""
        return replace(life, phase=Phase.STOPPED, since=now)

    def is_hung(self, life: Life, seen: Seen, now: float) -> bool:
        """Whether it has been without a word for too long."""
        if seen.beat is None:
            return now - life.since > self.heartbeat.start_ms / 1000
        return now - max(seen.beat, life.since) > self.heartbeat.timeout_ms / 1000

    def _living(self, life: Life, seen: Seen, now: float) -> Decided:
        if seen.error:
            return self._failed(life, seen.error, now)
        if seen.ended:
            return replace(life, phase=Phase.STOPPED, since=now), _NOTHING
        if self.is_hung(life, seen, now):
            silence = now - max(seen.beat or life.since, life.since)
            return self._failed(life, f"hung: no turn was finished for {silence:.1f} s", now)
        if life.phase is Phase.STARTING and seen.beat is not None:
            return replace(life, phase=Phase.RUNNING, since=now), _NOTHING
        return life, _NOTHING

    def _failed(self, life: Life, error: str, now: float) -> Decided:
        policy = self.restart
        counted = tuple(at for at in life.failures if now - at < policy.window_s)
        failures = (*counted, now)
        failed = replace(life, failures=failures, since=now, error=error)
        if len(failures) > policy.limit:
            return replace(failed, phase=Phase.DEGRADED), (Act.KILL, Act.GIVE_UP)
        pause_ms = min(policy.backoff_min_ms << (len(failures) - 1), policy.backoff_max_ms)
        retry_at = now + pause_ms / 1000
        return replace(failed, phase=Phase.BACKING_OFF, retry_at=retry_at), (Act.KILL,)


def _launched(life: Life, now: float) -> Decided:
    again = replace(life, phase=Phase.STARTING, since=now, restarts=life.restarts + 1)
    return again, (Act.LAUNCH,)
