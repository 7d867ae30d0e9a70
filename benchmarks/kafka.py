"""The logs in Kafka on a broker of this machine, beside Kafka's own performance tools.

Each round measures ours and the tool's one after the other, so that their ratio is of one moment.
"""

import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from time import perf_counter
from typing import Final

from msgspec.structs import replace

from benchmarks.apart import apart
from benchmarks.kafka_python import KafkaPythonProducer
from benchmarks.markets import eurusd_files
from benchmarks.result import Result
from benchmarks.whole_way import backtested
from events.backends.kafka.clients.confluent import ConfluentProducer
from events.backends.kafka.clients.port import Producer
from events.backends.kafka.cluster import Cluster
from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.ingress import KafkaIngress
from events.backends.kafka.journal import KafkaJournal
from events.backends.kafka.market_log import KafkaMarketLog
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from events.batches import MarketRecord
from events.codecs.arrow import encode_batch
from events.codecs.json import decode_step, encode_step
from events.journal import JournalWriter
from events.market_log import MarketWriter
from runtime.collecting import rare_collections
from runtime.home import Home
from runtime.kafka.broker import LocalBroker
from runtime.kafka.jars import jars, java
from runtime.kafka.settings import BrokerPorts
from schemas.envelope import Step

PORTS: Final = BrokerPorts(clients=29392, controller=29393)
BATCHES_A_FLUSH: Final = 64
STEPS_A_FLUSH: Final = 1_000
RUNS_IN_A_LONG_JOURNAL: Final = 8
"""What is read back is a journal of some 100 MB, so that beginning to read is not what counts."""

ANSWERS: Final = 400
"""How many waits for one answer make a figure of latency."""

_CLIENTS: Final[Mapping[str, Callable[[KafkaConfig, str], Producer]]] = {
    "kafka-python": KafkaPythonProducer,
    "confluent-kafka": ConfluentProducer,
}


@dataclass(frozen=True, slots=True)
class Material:
    """What a real run read and decided."""

    records: Sequence[MarketRecord]
    steps: Sequence[Step]

    @property
    def ticks(self) -> int:
        """Rows in all records."""
        return sum(record.rows for record in self.records)


def results(scratch: Path, repetitions: int) -> Iterator[Result]:
    """Rates and latencies, ours and the tools', and their ratios."""
    material = _material(scratch)
    with _broker(scratch) as cluster:
        topics = (f"bench-{number}" for number in range(1_000_000))
        yield from _market(cluster, material, topics, repetitions)
        yield from _journal(cluster, material, topics, repetitions)
        yield from _clients(cluster, material, topics, repetitions)
        yield from _latency(cluster, material, topics)


def _material(scratch: Path) -> Material:
    home = Home.create(scratch / "home")
    run = apart(backtested, home.path, eurusd_files(scratch)).run
    steps = [decode_step(r.body) for r in SqliteJournal(home.run_dir(run).journal).records()]
    market = SqliteMarketLog(home.market)
    (source,) = market.sources()
    return Material([r for r in market.read(source) if r.terms.instrument], steps)


@contextmanager
def _broker(scratch: Path) -> Iterator[Cluster]:
    broker = LocalBroker(scratch / "kafka")
    bootstrap = broker.up(PORTS, lambda _: None).bootstrap
    assert bootstrap is not None
    try:
        with closing(Cluster(KafkaConfig(bootstrap=bootstrap, prefix="bench"))) as cluster:
            yield cluster
    finally:
        broker.down()


def _market(
    cluster: Cluster, material: Material, topics: Iterator[str], repetitions: int
) -> Iterator[Result]:
    log = KafkaMarketLog(cluster)
    size = _mean([len(encode_batch(r.kind, r.terms, r.batch)) for r in material.records])
    rows = material.ticks / len(material.records)
    ours_out, ours_in, tool_out, tool_in = [], [], [], []
    for _ in range(repetitions):
        source, topic = next(topics), next(topics)
        with log.open(source) as feed:
            ours_out.append(_rate(partial(_write_market, feed, material)))
        tool_out.append(rows * _tool_writes(cluster, topic, len(material.records), size))
        log.end(source)  # The connection is made before its speed is measured.
        ours_in.append(_rate(partial(_read_market, log, source)))
        tool_in.append(rows * _tool_reads(cluster, topic, len(material.records)))
    yield _ticks("market log, append and flush", ours_out, target=2_000_000)
    yield _ticks("ProducerPerformance, records of that size", tool_out)
    yield _ratio("market log out / ProducerPerformance", ours_out, tool_out)
    yield _ticks("market log, read and decode", ours_in, target=2_000_000)
    yield _ticks("ConsumerPerformance, the same records", tool_in)
    yield _ratio("market log in / ConsumerPerformance", ours_in, tool_in)


def _write_market(writer: MarketWriter, material: Material) -> int:
    for count, record in enumerate(material.records, 1):
        writer.append(record.kind, record.terms, record.batch, checkpoint=b"")
        if count % BATCHES_A_FLUSH == 0:
            writer.flush()
    writer.flush()
    return material.ticks


def _read_market(log: KafkaMarketLog, source: str) -> int:
    return sum(record.rows for record in log.read(source))


def _journal(
    cluster: Cluster, material: Material, topics: Iterator[str], repetitions: int
) -> Iterator[Result]:
    steps = material.steps
    events = sum(len(step.events) for step in steps)
    decisions = sum(event.payload.DECISION for step in steps for event in step.events)
    size = _mean([len(encode_step(step)) for step in steps])
    ours_out, ours_in, tool_out = [], [], []
    for _ in range(repetitions):
        journal = KafkaJournal(cluster, f"bench.cell.{next(topics)}")
        with journal.open() as cell:
            ours_out.append(_rate(partial(_write_steps, cell, steps)))
        tool_out.append(_tool_writes(cluster, next(topics), len(steps), size))
        longer = KafkaJournal(cluster, f"bench.cell.{next(topics)}")
        with longer.open() as cell:
            _write_steps(cell, _one_behind_the_other(cell, steps))
        longer.end()  # The connection is made before its speed is measured.
        ours_in.append(_rate(partial(_read_steps, longer)))
    share = decisions / len(steps)
    yield _result("journal, append and flush", "steps/s", ours_out)
    yield _result(
        "journal, append and flush", "decisions/s", [share * each for each in ours_out], 30_000
    )
    yield _result("ProducerPerformance, a step a record", "steps/s", tool_out)
    yield _ratio("journal out / ProducerPerformance", ours_out, tool_out)
    yield _result("journal, read and decode", "steps/s", ours_in)
    recovered = [each * events / len(steps) for each in ours_in]
    yield _result("journal, read and decode", "events/s", recovered, 300_000)


def _write_steps(writer: JournalWriter, steps: Iterable[Step]) -> int:
    for step in steps:
        writer.append(step)
        if writer.head.next_seq % STEPS_A_FLUSH == 0:
            writer.flush()
    writer.flush()
    return writer.head.next_seq


def _one_behind_the_other(writer: JournalWriter, steps: Sequence[Step]) -> Iterator[Step]:
    """A run's steps several times over, each in the place where the writer is."""
    for step in chain.from_iterable(repeat(steps, RUNS_IN_A_LONG_JOURNAL)):
        head = writer.head
        yield replace(
            step,
            seq=head.next_seq,
            prev_hash=head.prev_hash,
            epoch=max(step.epoch, head.epoch),
        )


def _read_steps(journal: KafkaJournal) -> int:
    with rare_collections():  # As programs run.
        return sum(decode_step(record.body).seq >= 0 for record in journal.records())


def _clients(
    cluster: Cluster, material: Material, topics: Iterator[str], repetitions: int
) -> Iterator[Result]:
    """The two clients by themselves, writing large records and small ones."""
    batches = [encode_batch(r.kind, r.terms, r.batch) for r in material.records]
    rows = material.ticks / len(batches)
    steps = [encode_step(step) for step in material.steps]
    for name, client in _CLIENTS.items():
        out: dict[str, list[float]] = {"batches": [], "steps": []}
        for _ in range(repetitions):
            for kind, bodies in (("batches", batches), ("steps", steps)):
                topic = f"bench.{next(topics)}"
                cluster.topics.require(topic)
                with closing(client(cluster.config, topic)) as producer:
                    producer.send(b"", ())
                    producer.flush()
                    out[kind].append(_rate(partial(_send, producer, bodies)))
        yield _ticks(f"{name}, batches out", [rows * each for each in out["batches"]])
        yield _result(f"{name}, a step a record, out", "steps/s", out["steps"])


def _send(producer: Producer, bodies: Sequence[bytes]) -> int:
    for count, body in enumerate(bodies, 1):
        producer.send(body, (("number", b"%d" % count),))
        if count % STEPS_A_FLUSH == 0:
            producer.flush()
    producer.flush()
    return len(bodies)


def _latency(cluster: Cluster, material: Material, topics: Iterator[str]) -> Iterator[Result]:
    body = encode_step(material.steps[len(material.steps) // 2])
    for name, client in _CLIENTS.items():
        topic = f"bench.{next(topics)}"
        cluster.topics.require(topic)
        with closing(client(cluster.config, topic)) as producer:

            def acknowledged(producer: Producer = producer) -> None:
                producer.send(body, ())
                producer.flush()

            yield _result(f"{name}, sent to acknowledged", "ms", _waits(acknowledged))
    with KafkaJournal(cluster, f"bench.cell.{next(topics)}").open() as writer:
        steps = iter(material.steps)

        def durable() -> None:
            writer.append(next(steps))
            writer.flush()

        yield _result("journal, a step appended and durable", "ms", _waits(durable))
    ingress = KafkaIngress(cluster, f"bench.ingress.{next(topics)}")
    numbers = iter(range(1_000_000))
    event = material.steps[0].input

    def seen() -> None:
        number = next(numbers)
        ingress.post("gateway", number, event)
        while not ingress.poll(number, 1):
            pass

    yield _result("ingress, posted to polled", "ms", _waits(seen))
    ingress.close()


def _waits(wait: Callable[[], None]) -> list[float]:
    for _ in range(50):
        wait()
    waits = []
    for _ in range(ANSWERS):
        began = perf_counter()
        wait()
        waits.append(1_000 * (perf_counter() - began))
    return waits


def _tool_writes(cluster: Cluster, topic: str, count: int, size: int) -> float:
    """Records a second of Kafka's producer tool."""
    cluster.topics.require(topic)
    said = _tool(
        "ProducerPerformance",
        *("--topic", topic, "--num-records", str(count), "--record-size", str(size)),
        *("--throughput", "-1", "--producer-props"),
        *(f"bootstrap.servers={cluster.config.bootstrap}", "acks=all", "batch.size=1048576"),
    )
    summary = said.strip().splitlines()[-1]
    return float(summary.partition(" records/sec")[0].split()[-1])


def _tool_reads(cluster: Cluster, topic: str, count: int) -> float:
    """Records a second of Kafka's consumer tool, without the time in which it joins its group."""
    said = _tool(
        "ConsumerPerformance",
        *("--topic", topic, "--bootstrap-server", cluster.config.bootstrap),
        *("--messages", str(count)),
    )
    names, values = (line.split(", ") for line in said.strip().splitlines()[-2:])
    return float(dict(zip(names, values, strict=True))["fetch.nMsg.sec"])


def _tool(name: str, *arguments: str) -> str:
    command = [java(), "-cp", f"{jars()}/*", f"org.apache.kafka.tools.{name}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _rate(done: Callable[[], int]) -> float:
    began = perf_counter()
    count = done()
    return count / (perf_counter() - began)


def _mean(sizes: Sequence[int]) -> int:
    return sum(sizes) // len(sizes)


def _ticks(measured: str, values: Sequence[float], target: float | None = None) -> Result:
    return _result(measured, "ticks/s", values, target)


def _ratio(measured: str, ours: Sequence[float], tool: Sequence[float]) -> Result:
    return _result(measured, "ratio", [a / b for a, b in zip(ours, tool, strict=True)])


def _result(
    measured: str, unit: str, values: Sequence[float], target: float | None = None
) -> Result:
    return Result(
        benchmark="kafka", measured=measured, unit=unit, values=tuple(values), target=target
    )
