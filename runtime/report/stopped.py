"""What did not become a trade, and by which rule."""

from typing import Final

from runtime.report.data import Rejection, Veto, Withheld
from schemas.envelope import AnyEvent
from schemas.order import OrderRejected, OrderVetoed
from schemas.signal import SignalWithheld


class Stopped:
    """Collects vetoed and rejected orders, and withheld signals."""

    def __init__(self) -> None:
        self.vetoes: Final[list[Veto]] = []
        self.withheld: Final[list[Withheld]] = []
        self.rejections: Final[list[Rejection]] = []

    def learn(self, event: AnyEvent) -> None:
        """Note an event; other kinds are passed over."""
        match event.payload:
            case OrderVetoed(ticket=ticket, failed=failed):
                self.vetoes.append(
                    Veto(
                        ts=event.ts,
                        order=ticket.client_order_id,
                        instrument=ticket.instrument,
                        side=ticket.side,
                        quantity=ticket.quantity,
                        rule=failed.rule,
                        limit=failed.limit,
                        value=failed.value,
                    )
                )
            case OrderRejected() as said:
                self.rejections.append(
                    Rejection(
                        ts=event.ts,
                        order=said.client_order_id,
                        instrument=said.instrument,
                        reason=said.reason,
                    )
                )
            case SignalWithheld() as said:
                self.withheld.append(
                    Withheld(
                        ts=event.ts,
                        author=event.author,
                        instrument=said.instrument,
                        direction=said.direction,
                        rule=said.rule,
                        limit=said.limit,
                        value=said.value,
                    )
                )
            case _:
                pass
