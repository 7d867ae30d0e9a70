"""Many seeds: what went wrong first, and whether everything that can go wrong did."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from runtime.hosts.simulated.cast import HONEST, Cast
from runtime.hosts.simulated.faults import FAULTS
from runtime.hosts.simulated.simulation import Report, run


@dataclass(slots=True)
class Sweep:
    """What a number of seeds came to.

    Attributes:
        strikes: how often each fault happened in all of them.
        failed: reports of seeds that broke a promise, in order.
    """

    seeds: int = 0
    steps: int = 0
    trades: int = 0
    strikes: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(FAULTS, 0)))
    failed: list[Report] = field(default_factory=list)

    def add(self, report: Report) -> None:
        """Count a seed."""
        self.seeds += 1
        self.steps += report.steps
        self.trades += report.trades
        self.strikes.update(report.strikes)
        if report.violation is not None:
            self.failed.append(report)


def sweep(
    seeds: Iterable[int],
    cast: Cast = HONEST,
    *,
    keep_going: bool = False,
    progress: Callable[[Sweep], None] = lambda _: None,
) -> Sweep:
    """Run seeds until one breaks a promise, or all of them."""
    found = Sweep()
    for seed in seeds:
        found.add(run(seed, cast=cast))
        progress(found)
        if found.failed and not keep_going:
            break
    return found
