"""Replay one seed readably, or sweep many: ``python -m runtime.hosts.simulated --seed 42``."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from time import perf_counter

from runtime.hosts.simulated.canaries import PLANTS
from runtime.hosts.simulated.cast import HONEST
from runtime.hosts.simulated.simulation import Report, run
from runtime.hosts.simulated.sweep import Sweep, sweep

TAIL_LINES = 30
PROGRESS_EVERY = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when every promise was kept, 1 when one was broken."""
    options = _parsed(arguments)
    cast = PLANTS[options.plant] if options.plant else HONEST
    if options.seed is not None:
        report = run(options.seed, cast=cast)
        _tell_one(report, len(report.trace.lines), options.plant)
        return int(report.violation is not None)
    started = perf_counter()
    seeds = range(options.first, options.first + options.seeds)
    found = sweep(seeds, cast, progress=_tell_progress)
    _tell_sweep(found, perf_counter() - started)
    if found.failed:
        _tell_one(found.failed[0], TAIL_LINES, options.plant)
    return int(bool(found.failed))


def _parsed(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m runtime.hosts.simulated", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--seed", type=int, help="replay one seed and print everything it did")
    what.add_argument("--seeds", type=int, help="how many seeds to run, up to the first failure")
    parser.add_argument("--first", type=int, default=0, help="the first of many seeds (default 0)")
    parser.add_argument("--plant", choices=sorted(PLANTS), help="plant a bug, to see it caught")
    return parser.parse_args(arguments)


def _tell_progress(found: Sweep) -> None:
    if found.seeds % PROGRESS_EVERY == 0:
        _say(f"{found.seeds} seeds, {found.strikes.total()} faults, {found.steps} steps")


def _tell_sweep(found: Sweep, seconds: float) -> None:
    _say(
        f"{found.seeds} seeds in {seconds:.1f} s: {found.strikes.total()} faults, "
        f"{found.steps} steps, {found.trades} trades, {len(found.failed)} failed"
    )
    for name, count in sorted(found.strikes.items()):
        _say(f"{count:>8}  {name}")


def _tell_one(report: Report, lines: int, plant: str | None) -> None:
    shown = report.trace.lines[-lines:]
    if hidden := len(report.trace.lines) - len(shown):
        _say(f"... {hidden} lines before ...")
    for line in shown:
        _say(str(line))
    plan = report.plan
    _say(
        f"seed {report.seed}: {'messages take time' if plan.delays else 'nothing overtakes'}, "
        f"{len(plan.enabled)} kinds of fault at {plan.rate:g}, {plan.budget} at most; "
        f"{sum(report.strikes.values())} faults, {report.steps} steps, {report.trades} trades"
    )
    if report.violation is None:
        _say(f"every promise was kept; decisions {report.decision_hash}")
        return
    planted = f" --plant {plant}" if plant else ""
    _say(f"BROKEN: {report.violation.check}\n  {report.violation.detail}")
    _say(f"replay: python -m runtime.hosts.simulated --seed {report.seed}{planted}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
