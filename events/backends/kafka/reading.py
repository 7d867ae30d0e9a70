"""Reading a log's entries out of its topic: linked, from any number on."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from events.backends.kafka.clients.port import Consumer, Record
from events.backends.kafka.cluster import Cluster
from events.backends.kafka.known_end import KnownEnd
from events.backends.kafka.marks import Claim, Entry, NotOurs, Superseded, read_mark
from events.errors import Corrupt, NotFound
from events.following import follow
from schemas.envelope import GENESIS

_NEAR: Final = 8
"""Records that are sooner read through than searched."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next entry is expected.

    Attributes:
        offset: at or behind this one.
        number: what it must begin with.
        previous: digest that it must follow; empty when the entry before was not read.
    """

    offset: int
    number: int
    previous: str


class Ledger:
    """The entries of one topic, as everybody reads them."""

    def __init__(self, cluster: Cluster, topic: str) -> None:
        self.cluster: Final = cluster
        self.topic: Final = topic

    def last(self) -> Entry | None:
        """The newest entry.

        Raises:
            NotFound: there is no such topic.
        """
        with self.cluster.reading(self.topic) as consumer:
            return self.last_before(consumer, consumer.bounds()[1])

    def last_before(self, consumer: Consumer, end: int) -> Entry | None:
        """The newest entry before an offset."""
        begin, _ = consumer.bounds()
        width = 2
        while begin < end:
            start = max(begin, end - width)
            found = list(self._counted(consumer.read(start, end)))
            if found:
                return found[-1]
            end, width = start, 4 * width
        return None

    def entries(self, number: int) -> Iterator[Entry]:
        """Entries from the one that holds ``number`` to the end as it is now.

        Raises:
            Corrupt: an entry is missing or does not follow the one before.
        """
        return self.tail(number).unread()

    def tail(self, number: int) -> "LedgerTail":
        """A place before the entry that holds ``number``."""
        return LedgerTail(self, number)

    def follow(self, number: int, over: Callable[[Entry | None], bool]) -> Iterator[Entry]:
        """As ``entries``, then what comes, until ``over`` the last entry that was read.

        A topic that is not there yet is an empty one. After a break of the connection, what comes
        must follow what came before it.
        """
        tail = self.tail(number)

        def unread_if_there(*, asking: bool) -> Iterator[Entry]:
            with suppress(NotFound):
                yield from tail.unread(asking=asking)

        yield from follow(unread_if_there, lambda: over(tail.last))

    def place_of(
        self, consumer: Consumer, place: Place | None, number: int, end: int
    ) -> Place | None:
        """The place, or without one that of ``number``, in a topic that ends at ``end``.

        Raises:
            Corrupt: the topic is shorter than it was.
        """
        found = place or self._place_of(consumer, number, end)
        if found is not None:
            self._refuse_what_went_back(found, end)
        return found

    def _refuse_what_went_back(self, place: Place, end: int) -> None:
        if end < place.offset:
            raise Corrupt(
                f"kafka: {self.topic}: it ends at {end}, and was read to {place.offset} before: "
                "records were lost, or another topic has its name"
            )

    def linked(self, place: Place, records: Iterable[Record]) -> Iterator[Entry]:
        """The entries among records from a place on.

        Raises:
            Corrupt: one is missing, or does not follow the one before.
        """
        for entry in self._counted(records):
            if entry.first != place.number:
                raise Corrupt(
                    f"kafka: {self.topic}:{entry.offset}: number {entry.first} follows, "
                    f"{place.number} is missing"
                )
            if place.previous and entry.previous != place.previous:
                raise Corrupt(
                    f"kafka: {self.topic}:{entry.offset}: number {entry.first} follows "
                    f"{entry.previous}, and what was read before is {place.previous}"
                )
            place = _behind(entry)
            yield entry

    def _counted(self, records: Iterable[Record]) -> Iterator[Entry]:
        for record in records:
            match read_mark(record):
                case Entry() as entry:
                    yield entry
                case NotOurs(reason=reason):
                    self.cluster.quarantine.take(self.topic, record, reason)
                case Claim() | Superseded():
                    pass

    def _place_of(self, consumer: Consumer, number: int, end: int) -> Place | None:
        """A place at or before the entry that holds ``number``; ``None`` if it cannot be told."""
        begin, _ = consumer.bounds()
        low = Place(begin, 0, GENESIS)
        if begin > 0:
            raise Corrupt(
                f"kafka: {self.topic}: its first record is {begin}: what came before is gone"
            )
        if number == 0:
            return low
        last = self.last_before(consumer, end)
        if last is None or number >= last.end:
            return _behind(last) if last is not None and number == last.end else None
        high, high_number, halve = last.offset + 1, last.end, False
        while high - low.offset > _NEAR:
            guess = _between(low, high, high_number, halve=halve, number=number)
            halve = not halve
            entry = next(self._counted(consumer.read(guess, high)), None)
            if entry is None or entry.first > number:
                high, high_number = guess, entry.first if entry else high_number
            else:
                low = Place(entry.offset, entry.first, entry.previous)
                if number < entry.end:
                    break
        return low


class LedgerTail:
    """A place in a topic that moves on as it is read.

    Attributes:
        last: the newest entry that was read.
    """

    def __init__(self, ledger: Ledger, number: int) -> None:
        self._ledger: Final = ledger
        self._number: Final = number
        self._place: Place | None = None
        self._passed = 0
        self._end: Final = KnownEnd()
        self.last: Entry | None = None

    def unread(self, *, asking: bool = True) -> Iterator[Entry]:
        """Entries that were not given yet.

        Args:
            asking: to the end as it is now; otherwise as far as they have come by themselves.

        Raises:
            NotFound: there is no such topic.
            Corrupt: what comes does not follow what came before.
        """
        cluster, topic = self._ledger.cluster, self._ledger.topic
        with cluster.reading(topic, following=not asking) as consumer:
            if asking or self._place is None or self._end.is_stale:
                _, end = self._end.asked(consumer)
                self._place = self._ledger.place_of(consumer, self._place, self._number, end)
                if self._place is None:
                    return
            start = max(self._place.offset, self._passed)
            records = self._end.records(consumer, start, arrived=not asking)
            for entry in self._ledger.linked(self._place, self._passing(records)):
                self.last, self._place = entry, _behind(entry)
                if entry.end > self._number:
                    yield entry

    def _passing(self, records: Iterable[Record]) -> Iterator[Record]:
        """Note how far was read: what is no entry is not to be read again either."""
        for record in records:
            self._passed = record.offset + 1
            yield record


def _behind(entry: Entry) -> Place:
    return Place(entry.offset + 1, entry.end, entry.id)


def _between(low: Place, high: int, high_number: int, *, halve: bool, number: int) -> int:
    """An offset inside: in the middle, or where even numbering would put ``number``."""
    if halve or high_number <= low.number:
        return (low.offset + high) // 2
    numbers = high_number - low.number
    guess = low.offset + (number - low.number) * (high - low.offset) // numbers
    return min(max(guess, low.offset + 1), high - 1)
