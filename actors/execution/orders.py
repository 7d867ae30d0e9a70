"""What the orders of a cell stand at, as far as its journal tells."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from actors.portfolio.blotter import Blotter, answered, with_ticket
from schemas.envelope import AnyEvent, Event, Step, carries
from schemas.identity import entry_of
from schemas.order import (
    OrderApproved,
    OrderCancelRequested,
    OrderSubmitted,
    OrderSubmitting,
    OrderUnknown,
    Ticket,
    VenueAnswer,
)
from schemas.quantities import Nanoseconds

_SAYS_NOTHING: Final = (OrderSubmitted, OrderUnknown)
"""Words after which nobody knows yet whether the exchange has the order."""


@dataclass(slots=True)
class Standing:
    """An approved order, with its legs, until all of them are closed.

    Attributes:
        attempt: the last one that was announced.
        known: whether the exchange has it.
        withdrawn: which of the order and its legs are to be cancelled.
        heard: ids of what the exchange said.
    """

    request: Event[OrderApproved]
    attempt: OrderSubmitting | None = None
    known: bool = False
    withdrawn: set[str] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)

    @property
    def ticket(self) -> Ticket:
        """The order in full."""
        return self.request.payload.ticket

    @property
    def name(self) -> str:
        """The client order id of the order itself."""
        return self.ticket.client_order_id


@dataclass(frozen=True, slots=True)
class Origin:
    """Why there is an order. It is remembered when the order is closed: fills can come late."""

    cause: str
    correlation: str
    strategy: str


class Orders:
    """Folds a cell's steps.

    Attributes:
        now: market time of the newest step.
    """

    def __init__(self) -> None:
        self._blotter = Blotter()
        self._standing: Final[dict[str, Standing]] = {}
        self._origins: Final[dict[str, Origin]] = {}
        self.now: Nanoseconds = 0

    def __iter__(self) -> Iterator[Standing]:
        """Those that are not closed, oldest first."""
        return iter(tuple(self._standing.values()))

    def __len__(self) -> int:
        return len(self._standing)

    def origin(self, client_order_id: str) -> Origin | None:
        """Why there is an order or a leg; ``None`` when the cell knows of none."""
        return self._origins.get(entry_of(client_order_id))

    def standing(self, client_order_id: str) -> Standing | None:
        """What an order, or that of a leg, stands at; ``None`` when it is closed or unknown."""
        return self._standing.get(entry_of(client_order_id))

    def learn(self, step: Step) -> None:
        """Note a step."""
        self.now = max(self.now, step.ts)
        self._answered(step.input)
        for output in step.outputs:
            if carries(output, OrderApproved):
                self._approved(output)
            elif carries(output, OrderCancelRequested):
                name = output.payload.client_order_id
                if (standing := self.standing(name)) is not None:
                    standing.withdrawn.add(name)

    def _approved(self, request: Event[OrderApproved]) -> None:
        ticket = request.payload.ticket
        self._blotter = with_ticket(self._blotter, ticket)
        self._standing[ticket.client_order_id] = Standing(request)
        self._origins[ticket.client_order_id] = Origin(
            request.id, request.correlation, ticket.strategy
        )

    def _answered(self, event: AnyEvent) -> None:
        match event.payload:
            case OrderSubmitting() as attempt:
                if (standing := self.standing(attempt.client_order_id)) is not None:
                    standing.attempt = attempt
            case VenueAnswer() as answer if not isinstance(answer, _SAYS_NOTHING):
                self._blotter = answered(self._blotter, answer)
                if (standing := self.standing(answer.client_order_id)) is not None:
                    standing.known = True
                    standing.heard.add(event.id)
                    self._drop_if_closed(standing)
            case _:
                pass

    def _drop_if_closed(self, standing: Standing) -> None:
        works = any(entry_of(name) == standing.name for name in self._blotter.working)
        if not works:
            del self._standing[standing.name]
