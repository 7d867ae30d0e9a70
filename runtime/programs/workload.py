"""What a cell has under way and was told: for its status, and to know when it is drained."""

from schemas.envelope import AnyEvent, Step
from schemas.operator import DRAIN, PAUSE, RESUME, OperatorCommanded
from schemas.order import (
    OrderApproved,
    OrderCancelled,
    OrderExpired,
    OrderFilled,
    OrderRejected,
    OrderType,
)


class Workload:
    """Market orders that are on their way, operators' wishes, and the last decision.

    Attributes:
        in_flight: client order ids of approved market orders that the venue has not answered for
            good. What rests there waits for a price, perhaps for ever, and is not counted.
        paused, draining: what an operator said last.
        last: the newest decision.
    """

    def __init__(self) -> None:
        self.in_flight: dict[str, None] = {}
        self.paused = False
        self.draining = False
        self.last: AnyEvent | None = None

    def learn(self, step: Step) -> None:
        """Note a step."""
        for event in step.events:
            if event.payload.DECISION:
                self.last = event
            match event.payload:
                case OrderApproved(ticket=ticket) if ticket.terms.type is OrderType.MARKET:
                    self.in_flight[ticket.client_order_id] = None
                case (
                    OrderFilled(client_order_id=name)
                    | OrderRejected(client_order_id=name)
                    | OrderCancelled(client_order_id=name)
                    | OrderExpired(client_order_id=name)
                ):
                    self.in_flight.pop(name, None)
                case OperatorCommanded(command=command):
                    self._obey(command)
                case _:
                    pass

    def _obey(self, command: str) -> None:
        self.draining = self.draining or command == DRAIN
        if command in (PAUSE, DRAIN):
            self.paused = True
        elif command == RESUME:
            self.paused = False
