"""The door of an exchange on paper: who comes in is told what time it is there."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import msgspec

from actors.kit.sequencer import RecordingClock
from events.ingress import Ingress, Posted
from schemas.envelope import carries
from schemas.order import OrderSent


class Door:
    """An ingress that stamps orders with their arrival. It implements ``events.ingress.Ingress``.

    The stamp is recorded with the order, and whether it was late is decided from the record.
    """

    def __init__(self, ingress: Ingress, clock: RecordingClock) -> None:
        self._ingress: Final = ingress
        self._clock: Final = clock
        self.post: Final = ingress.post
        self.next_number: Final = ingress.next_number
        self.close: Final = ingress.close

    def poll(self, from_position: int, limit: int, *, asking: bool = True) -> Sequence[Posted]:
        """As the ingress."""
        posted = self._ingress.poll(from_position, limit, asking=asking)
        return [self._stamped(each) for each in posted]

    def _stamped(self, posted: Posted) -> Posted:
        event = posted.event
        if not carries(event, OrderSent):
            return posted
        sent = msgspec.structs.replace(event.payload, arrived=self._clock())
        return replace(posted, event=msgspec.structs.replace(event, payload=sent))
