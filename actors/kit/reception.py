"""How far a cell has read its ingress, and which number it expects next of every writer."""

from collections.abc import Iterator
from typing import Final

from events.errors import LogError
from events.ingress import Ingress, Posted
from schemas.envelope import Origin

_PAGE: Final = 256


class IngressGap(LogError):
    """A writer's numbers jump: something that was posted is missing, and nothing may be skipped."""


class Reception:
    """Reads an ingress in order. What is delivered twice is passed over, what is missing is seen.

    After a restart ``learn`` brings it to where the journal ends. The journal names only posted
    events that became steps; a writer's numbers may be ahead of it by duplicates that became none.
    """

    def __init__(self, ingress: Ingress) -> None:
        self._ingress: Final = ingress
        self._latest: Final[dict[str, Origin]] = {}
        self.position = 0

    def learn(self, origin: Origin) -> None:
        """Note where a recorded input came from."""
        self._latest[origin.writer] = origin
        self.position = max(self.position, origin.position + 1)

    def poll(self, limit: int, *, asking: bool = True) -> Iterator[Posted]:
        """At most ``limit`` posted events that were not seen yet; ``asking`` as ``Ingress.poll``.

        Raises:
            IngressGap: a writer's numbers jump.
        """
        for posted in self._ingress.poll(self.position, limit, asking=asking):
            expected = self._expected(posted)
            if posted.number > expected:
                raise IngressGap(f"{posted.writer} posted number {posted.number}, not {expected}")
            self.position = max(self.position, posted.position + 1)
            if posted.number == expected:
                self.learn(Origin(posted.position, posted.writer, posted.number))
                yield posted

    def _expected(self, posted: Posted) -> int:
        latest = self._latest.get(posted.writer)
        expected = latest.number + 1 if latest else 0
        if posted.number <= expected:
            return expected
        return self._recounted(posted.writer, expected, latest.position + 1 if latest else 0)

    def _recounted(self, writer: str, expected: int, position: int) -> int:
        """The number to expect when what became no step is counted too."""
        while position < self.position:
            page = self._ingress.poll(position, min(_PAGE, self.position - position))
            if not page:
                break
            for each in page:
                if (each.writer, each.number) == (writer, expected):
                    expected += 1
            position = page[-1].position + 1
        return expected
