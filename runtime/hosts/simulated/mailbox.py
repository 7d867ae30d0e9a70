"""An ingress that delivers more than once, and tells somebody when something is posted."""

from collections.abc import Callable, Sequence
from typing import Final, override

from events.ingress import Ingress, Posted
from runtime.hosts.simulated.faults import Faults
from schemas.envelope import AnyEvent, Slice


class FaultyIngress:
    """The ingress as every program sees it. It implements ``events.ingress.Ingress``."""

    def __init__(self, stored: Ingress, faults: Faults, posted: Callable[[], None]) -> None:
        self._stored: Final = stored
        self._faults: Final = faults
        self._posted: Final = posted

    def post(
        self, writer: str, number: int, event: AnyEvent, slices: tuple[Slice, ...] = ()
    ) -> None:
        self._stored.post(writer, number, event, slices)
        self._posted()

    def poll(self, from_position: int, limit: int, *, asking: bool = True) -> Sequence[Posted]:
        found = self._stored.poll(from_position, limit, asking=asking)
        if found:
            self._faults.boundary("runner.before_take")
        if from_position and found and self._faults.strike("ingress.repeats"):
            return (*self._stored.poll(max(0, from_position - 3), 3), *found)[:limit]
        return found

    def next_number(self, writer: str) -> int:
        return self._stored.next_number(writer)

    def close(self) -> None:
        """Nothing to let go of: it outlives every program."""


class InterruptedIngress(FaultyIngress):
    """The ingress as a gateway sees it, which may be killed while it posts."""

    @override
    def post(
        self, writer: str, number: int, event: AnyEvent, slices: tuple[Slice, ...] = ()
    ) -> None:
        self._faults.boundary("gateway.before_post")
        super().post(writer, number, event, slices)
        self._faults.boundary("gateway.after_post")
