"""What goes wrong, and when: drawn from the seed, counted, and never more than the plan allows."""

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Final

from runtime.hosts.simulated.clock import VirtualClock
from runtime.hosts.simulated.trace import Trace
from schemas.quantities import Nanoseconds

BOUNDARIES: Final = (
    "runner.before_take",
    "runner.before_append",
    "runner.after_append",
    "runner.before_flush",
    "runner.after_flush",
    "runner.recovering",
    "gateway.before_send",
    "gateway.after_send",
    "gateway.before_post",
    "gateway.after_post",
    "gateway.asking",
    "feed.before_log",
    "feed.after_log",
    "feed.after_post",
    "projector.before_insert",
    "projector.before_checkpoint",
    "projector.after_checkpoint",
)
"""Where a program can be killed: before and after everything that leaves a mark outside it."""

OF_DISK: Final = ("disk.torn_write", "disk.flush_fails", "disk.flush_unacknowledged")
"""Faults of a journal in memory, which stands for one on a disk."""

OF_BROKER: Final = (
    "broker.unreachable",
    "broker.full",
    "broker.torn_batch",
    "broker.unacknowledged",
)
"""Faults of connections to a broker."""

KEEPS_ORDER: Final = (
    "store.torn_insert",
    "ingress.repeats",
    "reports.repeat",
    "feed.reposts",
    "exchange.times_out_before",
    "exchange.times_out_after",
    "runner.is_replaced",
    "gateway.is_replaced",
)
"""Faults after which the cell still sees the same things in the same order."""

CHANGES_ORDER: Final = ("reports.lost", "exchange.hears_late", "exchange.is_silent")
"""Faults after which things come in another order, beside all that delays do."""

LATE: Final = "broker.late"
"""What a writer gave up arrives behind what its successor wrote; it changes the order, too."""

FAULTS: Final = (*BOUNDARIES, *KEEPS_ORDER, *CHANGES_ORDER, *OF_DISK, *OF_BROKER, LATE)

SELDOM: Final = frozenset(
    {
        "feed.reposts",
        "gateway.before_send",
        "gateway.after_send",
        "gateway.asking",
        "gateway.is_replaced",
        "projector.before_insert",
        "projector.before_checkpoint",
        "projector.after_checkpoint",
        "broker.torn_batch",
        "reports.repeat",
        "reports.lost",
        "exchange.times_out_before",
        "exchange.times_out_after",
        "exchange.is_silent",
    }
)
"""Faults with few occasions in a run; they are likelier at each, or they would hardly be seen."""

RAREST: Final = "exchange.hears_late"
"""It does harm only together with others, and has to be likelier still."""

_SELDOM_FACTOR: Final = 6
_RAREST_FACTOR: Final = 20
_RATE_MAX: Final = 0.5


class Crash(Exception):
    """Kill -9: the program is gone at this very point, with all it had in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How hostile a world is.

    Attributes:
        enabled: the faults that may happen. A few at a time go deeper than all at once.
        rate: chance that an enabled fault happens where it could; more for those in ``SELDOM``.
        budget: how many may happen in all, so that the world comes to rest.
        delays: whether messages take time; otherwise nothing overtakes anything.
        batch: how much the runner takes in a turn.
        broker: whether the logs are the real ones on Kafka, or lists in memory.
    """

    enabled: frozenset[str] = frozenset()
    rate: float = 0.0
    budget: int = 0
    delays: bool = False
    batch: int = 256
    broker: bool = False


def plan_of(seed: int) -> Plan:
    """The plan of a seed: of four, two keep the order of things, and two have a broker."""
    chance = Random(f"plan/{seed}")
    delays, broker = seed % 2 == 1, seed % 4 >= 2
    possible = possible_faults(delays=delays, broker=broker)
    count = chance.randint(3, len(possible))
    return Plan(
        enabled=frozenset(chance.sample(possible, count)),
        rate=chance.choice((0.01, 0.03, 0.1, 0.3)),
        budget=chance.randint(1, 12),
        delays=delays,
        batch=chance.choice((1, 3, 256)) if delays else 256,
        broker=broker,
    )


def possible_faults(*, delays: bool, broker: bool) -> tuple[str, ...]:
    """What can happen in a world at all."""
    of_logs = OF_BROKER if broker else OF_DISK
    of_time = (*CHANGES_ORDER, *([LATE] if broker else [])) if delays else ()
    return (*BOUNDARIES, *KEEPS_ORDER, *of_logs, *of_time)


class Faults:
    """Asked wherever something could go wrong.

    Attributes:
        chances: how often each fault could have happened; strikes: how often it did.
    """

    def __init__(self, seed: int, plan: Plan, clock: VirtualClock, trace: Trace) -> None:
        self._plan: Final = plan
        self._random: Final = Random(f"faults/{seed}")
        self._clock: Final = clock
        self._trace: Final = trace
        self.chances: Final[Counter[str]] = Counter()
        self.strikes: Final[Counter[str]] = Counter()

    def boundary(self, name: str) -> None:
        """Raises:
        Crash: the program is killed here.
        """
        if self.strike(name):
            raise Crash(name)

    def strike(self, name: str) -> bool:
        """Whether the fault happens this time."""
        self.chances[name] += 1
        plan = self._plan
        if name not in plan.enabled or self.strikes.total() >= plan.budget:
            return False
        likelier = _RAREST_FACTOR if name == RAREST else _SELDOM_FACTOR if name in SELDOM else 1
        if self._random.random() >= min(plan.rate * likelier, _RATE_MAX):
            return False
        self.strikes[name] += 1
        self._trace.add(self._clock.now, "FAULT", name)
        return True

    def pick(self, count: int) -> int:
        """A number from 0 to ``count`` (not included)."""
        return self._random.randrange(count)

    def latency(self, longest: Nanoseconds) -> Nanoseconds:
        """How long a message takes: nothing where the plan has no delays."""
        return self._random.randrange(longest) if self._plan.delays else 0
