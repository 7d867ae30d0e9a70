"""A measurement in a process of its own, so that none warms another's caches or memory."""

import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor


def apart[**P, R](measured: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a module's function in a fresh Python; what it raises is raised here."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as pool:
        return pool.submit(measured, *args, **kwargs).result()


def peak_mb(*, of_children: bool = False) -> float:
    """Largest resident memory so far of this process, or of the largest child that has ended."""
    whose = resource.RUSAGE_CHILDREN if of_children else resource.RUSAGE_SELF
    return resource.getrusage(whose).ru_maxrss / 1024
