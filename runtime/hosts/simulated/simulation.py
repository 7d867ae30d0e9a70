"""One seed, one world, one report."""

from dataclasses import dataclass, replace
from typing import Final, override

from projections.projector import Projector
from runtime.hosts.simulated.cast import HONEST, Cast
from runtime.hosts.simulated.checkers import check, decision_hash
from runtime.hosts.simulated.faults import Plan, plan_of
from runtime.hosts.simulated.trace import Trace
from runtime.hosts.simulated.violation import Violation
from runtime.hosts.simulated.world import World


class Unasked(Projector):
    """Projects nothing: of an undisturbed run, only the decisions are asked for."""

    @override
    def turn(self, *, everything: bool = True) -> bool:
        return False


CALM: Final = Cast(projector=Unasked)
NOTED_LINES: Final = 10
UNDISTURBED: Final = "the undisturbed run's decisions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a seed.

    Attributes:
        violation: the promise that was broken, or ``None``.
        chances, strikes: how often each fault could have happened, and did.
        steps, trades: how much went on.
    """

    seed: int
    plan: Plan
    violation: Violation | None
    decision_hash: str
    trace: Trace
    chances: dict[str, int]
    strikes: dict[str, int]
    steps: int
    trades: int


def run(seed: int, plan: Plan | None = None, cast: Cast = HONEST) -> Report:
    """Live through the world of a seed, and check it.

    Where the plan keeps the order of things, the world without any fault is lived through as well,
    and the decisions must be the same.

    Raises:
        Exception: a program failed in a way that no fault explains; its notes name the seed.
    """
    plan = plan or plan_of(seed)
    world = World(seed, plan, cast)
    violation = _lived(world, seed)
    found = decision_hash(world.journal) if violation is None else ""
    if violation is None and not plan.delays:
        undisturbed = run_undisturbed(seed)
        if found != undisturbed:
            violation = Violation(UNDISTURBED, f"{undisturbed} became {found}")
    return Report(
        seed=seed,
        plan=plan,
        violation=violation,
        decision_hash=found,
        trace=world.trace,
        chances=dict(world.faults.chances),
        strikes=dict(world.faults.strikes),
        steps=world.journal.end(),
        trades=len(world.exchange.trades),
    )


def run_undisturbed(seed: int) -> str:
    """The decision hash of a seed's world in which nothing goes wrong.

    Raises:
        Violation: something went wrong all the same.
    """
    world = World(seed, replace(plan_of(seed), enabled=frozenset(), delays=False), CALM)
    world.live()
    return decision_hash(world.journal)


def _lived(world: World, seed: int) -> Violation | None:
    try:
        world.live()
        check(world.evidence())
    except Violation as violation:
        return violation
    except Exception as error:
        error.add_note(f"in the simulated world of seed {seed}, after:")
        for line in world.trace.lines[-NOTED_LINES:]:
            error.add_note(str(line))
        raise
    return None
