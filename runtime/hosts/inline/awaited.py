"""Recognisers behind a gateway that runs elsewhere: an answer comes through the ingress, in time or
too late.
"""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from actors.kit.inputs import Input
from actors.patterns.recogniser import Abstention
from actors.patterns.requests import Request, replies
from schemas.market import Bar
from schemas.pattern import PatternAbstained, PatternRecognised
from schemas.quantities import Nanoseconds


def patience_ends(request: Request) -> Nanoseconds:
    """When it is known whether an answer came in time.

    Market time stands still there even if one did, and what was asked of the venue meanwhile takes
    effect then at the latest: who recomputes a session has to stand still there, too.
    """
    return request.payload.deadline + 1


class Awaited:
    """Waits for answers until their deadline. It implements ``Answering``.

    Two gateways may answer one request, when one was taken for dead: the first is heard. A request
    that nobody has answered by its deadline is answered here, by an abstention that says so; what
    comes later finds nobody waiting.
    """

    def __init__(self) -> None:
        self._waiting: Final[dict[str, Request]] = {}
        self._heard: Final[dict[str, str]] = {}

    def heard(self, bar: Bar) -> None:
        """The gateway reads it in the journal."""

    def asked(self, request: Request) -> Nanoseconds | None:
        """Wait for it."""
        self._waiting[request.id] = request
        return patience_ends(request)

    def arrived(self, given: Input, writer: str) -> Input | None:
        """The answer with the time that it took on the market, if it is waited for."""
        request, answer = self._waiting.get(given.cause), given.payload
        if request is None or self._heard.setdefault(request.id, writer) != writer:
            return None
        assert isinstance(answer, PatternRecognised | PatternAbstained)
        return replace(given, payload=replace(answer, latency=given.ts - request.ts))

    def due(self, request: str, now: Nanoseconds) -> Sequence[Input]:
        """Nothing, or that it is late."""
        asked = self._waiting.pop(request)
        if self._heard.pop(request, None) is not None:
            return ()
        late = Abstention(reason="late", detail="no answer came before the deadline")
        return replies(asked, late, now)
