"""A cell that approves what a test asks for, and gateways beside it that come and go."""

from collections.abc import Sequence
from typing import Final

from actors.execution.attempts import Lease
from actors.execution.gateway import ExecutionGateway, GatewayParts
from schemas.envelope import AnyEvent, Event
from schemas.market import Observation
from schemas.order import OrderApproved, OrderCancelRequested, VenueAnswer
from schemas.registry import Payload
from tests.actors.kit.cells import Bench, observation
from tests.support.exchanges import KeptExchange, approval

LEASE: Final = Lease(lasts=20, settles=10, audit=100)


class Approver:
    """Approves the order that an observation names, or withdraws it."""

    author: Final = "risk"
    consumes: Final[frozenset[type[Payload]]] = frozenset({Observation})

    def __init__(self, orders: dict[str, Event[OrderApproved]]) -> None:
        self._orders: Final = orders

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        match event.payload:
            case Observation(name=name) if name in self._orders:
                return [self._orders[name].payload]
            case Observation(name=name):
                withdrawn = name.removeprefix("cancel ")
                return [
                    OrderCancelRequested(
                        client_order_id=withdrawn, instrument="A.SIM", reason="test"
                    )
                ]
            case _:
                return []

    def learn(self, event: AnyEvent) -> None:
        """There is nothing to remember."""


class Desk:
    """Attributes:
    now: UTC, as every gateway reads it.
    """

    def __init__(self) -> None:
        self.bench: Final = Bench()
        self.exchange: Final = KeptExchange()
        self.orders: Final[dict[str, Event[OrderApproved]]] = {}
        self.runner: Final = self.bench.runner([Approver(self.orders)])
        self.runner.start()
        self.now = 1_000
        self._gateways = 0

    def gateway(self) -> ExecutionGateway:
        """Another incarnation; those before it may go on."""
        self._gateways += 1
        return ExecutionGateway(
            GatewayParts(
                author="gateway.test",
                holder=f"gateway/{self._gateways}",
                journal=self.bench.journal,
                ingress=self.bench.ingress,
                exchange=self.exchange,
                clock=lambda: self.now,
                lease=LEASE,
            )
        )

    def approve(self, name: str, valid_until: int | None = None) -> None:
        """Let the cell want an order."""
        self.orders[name] = approval(name, valid_until=valid_until)
        self.see(name)

    def withdraw(self, name: str) -> None:
        """Let the cell not want it any more."""
        self.see(f"cancel {name}")

    def see(self, what: str) -> None:
        """Show the cell something."""
        self.bench.post(observation(what))
        self.runner.turn()

    def work(self, *gateways: ExecutionGateway) -> None:
        """Let cell and gateways take turns until nothing more comes of it."""
        working = True
        while working:
            worked = [gateway.turn() for gateway in gateways]
            working = self.runner.turn() > 0 or any(worked)

    @property
    def recorded(self) -> list[tuple[str, str]]:
        """What gateways and the exchange said, as the cell recorded it: id and kind."""
        return [
            (step.input.id, step.input.kind)
            for step in self.bench.steps
            if isinstance(step.input.payload, VenueAnswer) or step.input.kind == "order.submitting"
        ]
