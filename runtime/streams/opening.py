"""From names of sources, runs and cells to an application that can be served."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.config import Foreign, KafkaConfig
from events.backends.kafka.ingress import KafkaIngress
from events.backends.kafka.market_log import KafkaMarketLog
from events.backends.kafka.marks import Kind
from events.backends.kafka.names import ingress_topic, journal_topic, market_topic
from events.backends.kafka.quarantine import Quarantine
from events.errors import NotFound
from runtime.backends import CELL
from runtime.home import Home
from runtime.streams.application import Streams
from runtime.streams.config import StreamsConfig
from runtime.streams.lane import Lane, Log
from runtime.streams.reporting import Reporter
from schemas.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to read, and whom to tell.

    Attributes:
        sources: of the market log; all of the cluster when nothing else is named either.
        runs: ids of backtests; cells: names of cells that live.
        report: the cell that is told how the logs are doing; empty tells nobody.
        port: of the page, on localhost; 0 lets the system choose.
        token: see ``Streams``.
    """

    sources: Sequence[str] = ()
    runs: Sequence[str] = ()
    cells: Sequence[str] = ()
    report: str = ""
    port: int = 0
    token: str | None = field(default=None, repr=False)


def open_streams(cluster: Cluster, home: Home, wanted: Wanted, config: StreamsConfig) -> Streams:
    """The application over the logs that are wanted, which must be there.

    Raises:
        NotFound: a log is not there; WrongSettings: its topic is not set as it must be.
        UserError: nothing is wanted and there is nothing.
    """
    quarantine = Quarantine(_quarantining(cluster.config, home))
    logs = [_found(cluster, log) for log in _logs(cluster, wanted)]
    if not logs:
        raise UserError(
            f"kafka: no source in {cluster.config.bootstrap} under "
            f"{cluster.config.prefix!r}, and no run or cell is named"
        )
    reporters = {}
    if wanted.report:
        ingress = KafkaIngress(cluster, ingress_topic(cluster.config, wanted.report))
        reporters = {log.topic: Reporter(ingress, log, config) for log in logs}
    return Streams(
        kafka=cluster.config,
        config=config,
        lanes=[Lane(log, config, quarantine) for log in logs],
        reporters=reporters,
        port=wanted.port,
        token=wanted.token,
    )


def _quarantining(config: KafkaConfig, home: Home) -> KafkaConfig:
    """The tables go on where a cell would halt: to show what is wrong is what they are for."""
    path = config.quarantine_file or str(home.streams / "quarantine.jsonl")
    return msgspec.structs.replace(config, foreign=Foreign.QUARANTINE, quarantine_file=path)


def _logs(cluster: Cluster, wanted: Wanted) -> Iterator[Log]:
    config = cluster.config
    sources = wanted.sources
    if not (sources or wanted.runs or wanted.cells):
        sources = KafkaMarketLog(cluster).sources()
    for source in dict.fromkeys(sources):
        yield Log(topic=market_topic(config, source), name=source, kind=Kind.ROWS)
    for run in dict.fromkeys(wanted.runs):
        yield Log(topic=journal_topic(config, CELL, run), name=run, kind=Kind.STEPS)
    for cell in dict.fromkeys(wanted.cells):
        yield Log(topic=journal_topic(config, cell, ""), name=cell, kind=Kind.STEPS)


def _found(cluster: Cluster, log: Log) -> Log:
    what = "source" if log.kind is Kind.ROWS else "journal"
    try:
        with cluster.reading(log.topic) as consumer:
            _, end = consumer.bounds()
    except NotFound as error:
        raise NotFound(f"{what} {log.name}: {error}") from error
    return replace(log, end=end)
