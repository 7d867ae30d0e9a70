"""The wire between the runner and a gateway: in order, late, and sometimes twice."""

from collections.abc import Callable
from typing import Final

from runtime.hosts.simulated.faults import Faults
from runtime.hosts.simulated.gateway import HANDLES
from runtime.hosts.simulated.scheduler import Scheduler
from schemas.envelope import AnyEvent
from schemas.quantities import SECOND_NS
from schemas.registry import Payload

LATENCY_NS_MAX: Final = SECOND_NS // 2


class Channel:
    """The gateway as the runner sees it. It implements ``actors.kit.gateway.Gateway``."""

    def __init__(
        self, scheduler: Scheduler, faults: Faults, deliver: Callable[[AnyEvent, bool], None]
    ) -> None:
        self._scheduler: Final = scheduler
        self._faults: Final = faults
        self._deliver: Final = deliver
        self._last = scheduler.clock.now

    @property
    def handles(self) -> frozenset[type[Payload]]:
        return HANDLES

    def perform(self, request: AnyEvent, *, again: bool) -> None:
        self._faults.boundary("runner.before_hand_out")
        self._send(request, again)
        if self._faults.strike("channel.repeats"):
            self._send(request, again)
        self._faults.boundary("runner.after_hand_out")

    def _send(self, request: AnyEvent, again: bool) -> None:
        arrival = self._scheduler.clock.now + self._faults.latency(LATENCY_NS_MAX)
        self._last = max(self._last, arrival)
        self._scheduler.at(self._last, lambda: self._deliver(request, again))
