"""From a tick to an order that is approved and durable: in one process, and over Ray and Kafka.

Real ticks go into the market log one at a time, each made durable by itself; a strategy turns at
every one of them. The clock starts when the tick is in the feed's hand, and stops when the step
with the approved order is durable: in one process when the cell says so, over Ray when a third
actor, standing where a gateway stands, has read it in the journal.

A cell takes a moment when a later one has begun, because rows of one time are one moment. So what
is measured begins with the tick that closes a moment, and is about the order that the one before it
caused.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from actors.feeds.files import FileFeed
from actors.feeds.recording import Record
from benchmarks.kafka import PORTS
from benchmarks.markets import eurusd, eurusd_files
from benchmarks.result import Result
from events.codecs.json import decode_step
from events.journal import JournalRecord
from events.market_log import MarketWriter
from runtime.backends import JournalConfig, open_backend
from runtime.config import BacktestConfig, StrategyConfig
from runtime.home import Home
from runtime.ingesting import DataConfig
from runtime.programs.feeding import file_sets
from runtime.programs.market_bound import SessionProgram
from runtime.programs.specs import Assignment, CellSpec
from runtime.programs.trading import Trading
from schemas.identity import parse_tick_id
from schemas.order import OrderApproved

TICKS: Final = 1_500
WARM_UP: Final = 200
"""Ticks before the first that counts: connections are made, code is warm."""

WARM_UP_OVER_RAY: Final = 4_000
"""Twenty seconds: a broker is compiled while it works, and a real one has worked for longer."""

GAP_S: Final = 0.005
"""Between two ticks over Ray; 200 ticks a second are a busy instrument's."""

_REST_S: Final = 0.001
"""Between two looks, as a gateway does."""

_SETTLED_S: Final = 15.0
_CELL, _RUN = "paper", "latency"
_MS: Final = 1e6


@dataclass(frozen=True, slots=True)
class Fed:
    """A tick on its way, in nanoseconds since 1970.

    Attributes:
        handed: when the feed had it; logged: when it was durable in the market log.
    """

    handed: int
    logged: int


@dataclass(frozen=True, slots=True)
class Decided:
    """An approved order, by when the cell took its tick, and when the order was known durable."""

    taken: int
    durable: int


class TickFeed:
    """Puts ticks into the market log one by one.

    Args:
        home: directory whose logs they are.
        files: a folder of LEAN archives.
    """

    def __init__(self, home: str, journal: JournalConfig, files: str) -> None:
        (found,) = file_sets(eurusd(files), ())
        feed = FileFeed(found, rows_per_record=1)
        self.source: Final = feed.source
        log = open_backend(journal, Home.existing(Path(home))).market_log()
        self._writer: Final[MarketWriter] = log.open(feed.source)
        self._records: Final = self._all(feed)
        for _ in range(3):  # The instrument, and the first moment.
            self.next()

    def next(self) -> tuple[int, Fed]:
        """Number of the next tick, and how it went."""
        record, checkpoint = next(self._records)
        handed = time.time_ns()
        self._writer.append(record.kind, record.terms, record.batch, checkpoint=checkpoint)
        self._writer.flush()
        return self._writer.next_seq - 1, Fed(handed, time.time_ns())

    def feed(self, count: int, gap_s: float) -> list[tuple[int, Fed]]:
        """The next ticks, at a steady pace."""
        fed, due = [], time.monotonic()
        for _ in range(count):
            due += gap_s
            time.sleep(max(due - time.monotonic(), 0.0))
            fed.append(self.next())
        return fed

    def name(self) -> str:
        """Of the source."""
        return self.source

    @staticmethod
    def _all(feed: FileFeed) -> Iterator[tuple[Record, bytes]]:
        for passage in feed.passages(b""):
            yield from passage.records


class OrderReader:
    """Reads orders in the journal as they become durable, where a gateway would."""

    def __init__(self, home: str, journal: JournalConfig) -> None:
        self._journal: Final = open_backend(journal, Home.existing(Path(home))).journal(_CELL, _RUN)

    def read(self, seconds: float) -> dict[int, Decided]:
        """Orders by the number of their tick, as they come in so many seconds."""
        found: dict[int, Decided] = {}
        until = time.monotonic() + seconds
        with closing(self._journal.tail()) as tail:
            while time.monotonic() < until:
                for record in tail.unread(asking=False):
                    found |= _orders_in(record, time.time_ns())
                time.sleep(_REST_S)
        return found


def results(scratch: Path, repetitions: int) -> Iterator[Result]:
    """Milliseconds by percentile, with each stage's."""
    del repetitions  # Every tick is one.
    files = str(eurusd_files(scratch))
    yield from _told("one process, SQLite", in_one_process(scratch / "one", files))
    yield from _told("Ray actors, Kafka", _over_ray(scratch / "ray", files))


def in_one_process(home: Path, files: str) -> list[tuple[Fed, Decided]]:
    """Ticks and the orders that they caused, all on the caller's thread."""
    journal = JournalConfig()
    place = Home.create(home)
    feed = TickFeed(str(home), journal, files)
    backend = open_backend(journal, place)
    cell = SessionProgram(Trading(_cell(feed.source, eurusd(files)), backend, lambda _: None))
    cell.start()
    found: list[tuple[Fed, Decided]] = []
    read, seen = backend.journal(_CELL, _RUN), 0
    for number in range(TICKS + WARM_UP):
        _, fed = feed.next()
        while cell.turn():
            pass
        durable = time.time_ns()
        orders: dict[int, Decided] = {}
        for record in read.records(seen):
            orders |= _orders_in(record, durable)
            seen = record.seq + 1
        if number >= WARM_UP:
            found += [(fed, order) for order in list(orders.values())[-1:]]
    cell.close()
    return found


def _over_ray(home: Path, files: str) -> list[tuple[Fed, Decided]]:
    import ray

    from events.backends.kafka.config import KafkaConfig
    from runtime.hosts.ray.config import RayConfig
    from runtime.hosts.ray.host import RayHost
    from runtime.kafka.broker import LocalBroker

    place = Home.create(home)
    broker = LocalBroker(place.kafka)
    bootstrap = broker.up(PORTS, lambda _: None).bootstrap
    assert bootstrap is not None
    journal = JournalConfig(backend="kafka", kafka=KafkaConfig(bootstrap=bootstrap, prefix="lag"))
    host = RayHost(RayConfig(), interval_ms=500, cpus=4)
    try:
        feed: Any = ray.remote(TickFeed).options(num_cpus=0).remote(str(home), journal, files)
        source = ray.get(feed.name.remote())
        assignment = Assignment(
            program=_cell(source, eurusd(files)), journal=journal, home=str(home)
        )
        cell = host.launch(assignment)
        reader: Any = ray.remote(OrderReader).options(num_cpus=0).remote(str(home), journal)
        settled = time.monotonic() + _SETTLED_S
        while time.monotonic() < settled:  # A supervisor asks, and so leads an actor into its life.
            cell.report()
            host.wait(0.2)
        reading = reader.read.remote((WARM_UP_OVER_RAY + TICKS) * GAP_S + _SETTLED_S)
        ray.get(feed.feed.remote(WARM_UP_OVER_RAY, GAP_S))
        fed = dict(ray.get(feed.feed.remote(TICKS, GAP_S)))
        orders: dict[int, Decided] = ray.get(reading)
    finally:
        host.close()
        broker.down()
    numbers = sorted(fed)
    closing = dict(pairwise(numbers))
    return [
        (fed[closing[number]], orders[number])
        for number in numbers
        if number in closing and number in orders
    ]


def _cell(source: str, data: DataConfig) -> CellSpec:
    strategy = StrategyConfig(use=f"{Path(__file__).parent / 'restless.py'}:Restless")
    return CellSpec(
        name=_CELL,
        run=_RUN,
        sources=(source,),
        trading=BacktestConfig(data=(data,), strategies=(strategy,)),
    )


def _orders_in(record: JournalRecord, durable: int) -> dict[int, Decided]:
    step = decode_step(record.body)
    tick = parse_tick_id(step.input.id)
    if tick is None or not any(isinstance(e.payload, OrderApproved) for e in step.outputs):
        return {}
    return {tick[1]: Decided(step.ts_recorded, durable)}


def _told(how: str, found: Sequence[tuple[Fed, Decided]]) -> Iterator[Result]:
    assert len(found) > TICKS // 2, f"{how}: {len(found)} orders of {TICKS} ticks"
    stages = {
        "tick to durable order": [order.durable - fed.handed for fed, order in found],
        "  the tick is durable": [fed.logged - fed.handed for fed, _ in found],
        "  the cell takes it": [order.taken - fed.logged for fed, order in found],
        "  decided, durable, read": [order.durable - order.taken for _, order in found],
    }
    for name, values in stages.items():
        yield Result(
            benchmark="hosts",
            measured=f"{how}: {name}",
            unit="ms",
            values=tuple(value / _MS for value in values),
        )
