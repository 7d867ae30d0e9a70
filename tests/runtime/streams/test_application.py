"""The whole application: a process of its own, over a real broker."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from events.backends.kafka.cluster import Cluster
from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.ingress import KafkaIngress
from events.backends.kafka.journal import KafkaJournal
from events.backends.kafka.market_log import KafkaMarketLog
from events.backends.kafka.names import ingress_topic, journal_topic
from events.errors import Fenced, NotFound
from runtime.cli.streams import streams
from runtime.home import Home
from runtime.streams.config import StreamsConfig
from runtime.streams.opening import Wanted, open_streams
from schemas.errors import UserError
from tests.contracts.market_log import SOURCE, append
from tests.events.backends.kafka import topic
from tests.support.kafka import cluster, kafka_bootstrap, kafka_config
from tests.support.steps import append_steps
from tests.support.waiting import wait_until

__all__ = ["cluster", "kafka_bootstrap", "kafka_config"]

pytestmark = pytest.mark.xdist_group("streams")

TOKEN = "for this test"
REPORTS = 12
"""Two windows of the cell close while it is watched, and each has six components."""


@dataclass
class Served:
    process: subprocess.Popen[str]
    url: str

    def ask(self, path: str, token: str = TOKEN) -> tuple[int, bytes]:
        address = urlsplit(self.url)
        with closing(HTTPConnection(address.netloc, timeout=10)) as connection:
            connection.request("GET", f"/{path}", headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def rows(self, table: str) -> list[dict[str, Any]]:
        status, body = self.ask(f"tables/{table}/")
        assert status == 200
        return list(json.loads(body)["rows"])

    def log(self, name: str) -> dict[str, Any]:
        (row,) = (row for row in self.rows("logs") if row["log"] == name)
        return row


def arguments(folder: Path, config: KafkaConfig) -> list[str]:
    journal = folder / "journal.toml"
    journal.write_text(
        f'[journal]\nbackend = "kafka"\n[journal.kafka]\nbootstrap = "{config.bootstrap}"\n'
        f'prefix = "{config.prefix}"\ntimeout_s = {config.timeout_s}\n'
    )
    program = "from runtime.cli.main import main; main()"
    options = ["--home", str(folder / "home"), "--journal", str(journal), "--json"]
    return [sys.executable, "-P", "-c", program, "streams", *options]


@contextmanager
def served(folder: Path, config: KafkaConfig, *options: str) -> Iterator[Served]:
    process = subprocess.Popen(
        [*arguments(folder, config), *options],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "WAKELINE_STREAMS_TOKEN": TOKEN},
    )
    try:
        assert process.stdout is not None
        yield Served(process, json.loads(process.stdout.readline())["url"])
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def journal(cluster: Cluster) -> KafkaJournal:
    return KafkaJournal(cluster, journal_topic(cluster.config, "fxcm", ""))


def test_a_day_of_a_cell_with_a_zombie_a_stranger_and_a_restart(
    tmp_path: Path, cluster: Cluster, kafka_config: KafkaConfig, journal: KafkaJournal
) -> None:
    name = journal_topic(kafka_config, "fxcm", "")
    with KafkaMarketLog(cluster).open(SOURCE) as feed:
        append(feed, 30)
    zombie = journal.open()
    append_steps(zombie, 5)
    zombie.flush()
    options = ("--cell", "fxcm", "--source", SOURCE, "--report", "fxcm")
    with served(tmp_path, kafka_config, *options) as first:
        wait_until(lambda: first.log("fxcm")["numbers"] == 5)
        with journal.open() as writer:
            append_steps(zombie, 3)
            with pytest.raises(Fenced):
                zombie.flush()
            append_steps(writer, 2)
        topic.write(kafka_config, name, b"none of ours")
        wait_until(lambda: first.log("fxcm")["unreadable"] == 1)
        assert first.log("fxcm")["numbers"] == 7
        # The zombie's record, and its successor's that it pushed back and that was sent again.
        assert first.log("fxcm")["superseded"] == 2
        wait_until(lambda: first.log(SOURCE)["numbers"] == 30)
        tables = {each: first.rows(each) for each in ("markets", "decisions", "logs")}
        ingress = KafkaIngress(cluster, ingress_topic(kafka_config, "fxcm"))
        wait_until(lambda: len(ingress.poll(0, 100)) == REPORTS)
        page = first.ask("")[1].decode()
        assert "EUR/USD.FXCM" in page
        assert TOKEN not in page
        first.process.kill()
    with served(tmp_path, kafka_config, *options) as second:
        wait_until(lambda: second.log("fxcm")["unreadable"] == 1)
        wait_until(lambda: second.log(SOURCE)["numbers"] == 30)
        assert {each: second.rows(each) for each in tables} == tables
        assert len(ingress.poll(0, 100)) == REPORTS, "nothing is said again"
        second.process.send_signal(signal.SIGTERM)
        assert second.process.wait(20) == 0, "a stop is orderly"
    assert (tmp_path / "home/streams/quarantine.jsonl").read_text().count("\n") == 1


def test_nobody_looks_without_the_token(
    tmp_path: Path, kafka_config: KafkaConfig, journal: KafkaJournal
) -> None:
    journal.open().close()
    with served(tmp_path, kafka_config, "--cell", "fxcm") as application:
        for path in ("", "tables/", "tables/logs/", "router/", "nowhere"):
            assert application.ask(path, token="a wrong one")[0] == 401
        assert application.ask("tables/nothing/")[0] == 404
        application.process.send_signal(signal.SIGINT)
        assert application.process.wait(20) == 0


def test_what_is_not_there_is_said(tmp_path: Path, cluster: Cluster) -> None:
    home = Home.create(tmp_path / "home")
    for wanted, said in ((Wanted(), "no source"), (Wanted(cells=["fxcm"]), "journal fxcm")):
        with pytest.raises((UserError, NotFound), match=said):
            open_streams(cluster, home, wanted, StreamsConfig())
    with pytest.raises(UserError, match="over logs in Kafka"):
        streams(journal="sqlite", home=home.path)
