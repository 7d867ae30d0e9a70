"""The shape of a gateway, and what it still owes an answer for."""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from schemas.envelope import AnyEvent, Step
from schemas.order import OrderSubmitting, OrderUnknown
from schemas.registry import Payload

_LEAVES_OPEN: Final = (OrderSubmitting, OrderUnknown)
"""Words about a request after which nobody knows yet whether it was performed."""


class Gateway(Protocol):
    """Does the I/O that a recorded request asks for; its answers come back through the ingress.

    It is called only with requests of durable steps, and never on replay.
    """

    @property
    def handles(self) -> frozenset[type[Payload]]:
        """Payload classes of the requests it takes."""
        ...

    def perform(self, request: AnyEvent, *, again: bool) -> None:
        """Act on a request, once for its id however often called.

        Args:
            again: the request may have been performed before a crash: ask the world before acting.
        """
        ...


class Outbox:
    """Requests that were recorded and not yet answered, by folding steps."""

    def __init__(self, gateways: Sequence[Gateway]) -> None:
        self._gateways: Final = tuple(gateways)
        self._handled: Final = frozenset(kind for each in gateways for kind in each.handles)
        self._pending: Final[dict[str, AnyEvent]] = {}

    def fold(self, step: Step) -> Sequence[AnyEvent]:
        """Note a step; the requests in it come back."""
        if not isinstance(step.input.payload, _LEAVES_OPEN):
            self._pending.pop(step.input.cause, None)
        requests = [event for event in step.outputs if type(event.payload) in self._handled]
        self._pending.update((request.id, request) for request in requests)
        return requests

    def pending(self) -> Iterator[AnyEvent]:
        """Unanswered requests, oldest first."""
        yield from tuple(self._pending.values())

    def hand_out(self, request: AnyEvent, *, again: bool = False) -> None:
        """Give a durable request to every gateway that takes its kind."""
        for gateway in self._gateways:
            if type(request.payload) in gateway.handles:
                gateway.perform(request, again=again)
