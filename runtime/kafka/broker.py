"""The broker's process: started detached, found again by what it left in its directory."""

import os
import signal
import socket
import subprocess
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import msgspec

from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.topics import Topics
from events.errors import LogError
from runtime.files import write_whole
from runtime.kafka.jars import jars, java
from runtime.kafka.settings import BrokerPorts, server_properties
from schemas.errors import UserError

READY_S: Final = 60.0
STOP_S: Final = 30.0
_PORT_S: Final = 3.0
"""A broker that was killed a moment ago may still hold its ports."""

_LOG_LINES: Final = 15
_JAVA_OPTIONS: Final = (
    "-Xms128m",
    "-Xmx512m",
    # Without the second compiler, which is at work for minutes on cores that the actors need: an
    # order took twice as long with it, and no more records went through (docs/benchmarks.md).
    "-XX:TieredStopAtLevel=1",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ",
)


class BrokerFailed(UserError):
    """The broker did not start or does not stop; the end of its log is in the message."""


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """What is noted of a broker that was started."""

    pid: int
    port: int


class BrokerStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A broker at a glance.

    Attributes:
        running: its process is there; ready: it answers clients.
    """

    running: bool
    ready: bool
    pid: int | None
    bootstrap: str | None
    directory: str
    log: str


type Progress = Callable[[str], None]


class LocalBroker:
    """The broker whose data, settings and log are in ``directory``."""

    def __init__(self, directory: Path) -> None:
        self._directory: Final = directory.absolute()
        self._data: Final = self._directory / "data"
        self._settings: Final = self._directory / "server.properties"
        self._note: Final = self._directory / "broker.json"
        self.log: Final = self._directory / "broker.log"

    def up(
        self, ports: BrokerPorts, progress: Progress, extra: Mapping[str, str] | None = None
    ) -> BrokerStatus:
        """Start it unless it runs, and wait until it answers.

        Args:
            extra: settings of the broker to set otherwise.

        Raises:
            UserError: Java or Maven is missing, or a port is taken.
            BrokerFailed: it did not come up.
        """
        running = self._running()
        if running is None:
            machine = [java(), *_JAVA_OPTIONS, f"-XX:ErrorFile={self._directory}/crash-%p.log"]
            progress("fetching the jars, if they are not there yet")
            machine += ["-cp", f"{jars()}/*"]
            for port in (ports.clients, ports.controller):
                _require_free(port)
            self._directory.mkdir(parents=True, exist_ok=True)
            text = server_properties(self._data, ports, dict(extra or {}))
            write_whole(self._settings, text.encode())
            data = Path((extra or {}).get("log.dirs", self._data))
            self._format(machine, data, progress)
            progress("starting")
            running = self._start(machine, ports)
        self._await(running)
        return self.status()

    def down(self) -> bool:
        """Stop it in order; whether it ran.

        Raises:
            BrokerFailed: it does not end, and was killed.
        """
        running = self._running()
        if running is None:
            return False
        os.kill(running.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        while self._running() is not None:
            if time.monotonic() > deadline:
                os.kill(running.pid, signal.SIGKILL)
                raise BrokerFailed(
                    f"kafka: process {running.pid} did not end in {STOP_S:g} s and was killed; "
                    f"its log says: {self.last_words()}"
                )
            time.sleep(0.05)
        self._note.unlink(missing_ok=True)
        return True

    def status(self) -> BrokerStatus:
        """Whether it runs, and where."""
        running = self._running()
        return BrokerStatus(
            running=running is not None,
            ready=running is not None and _answers(running.port),
            pid=running.pid if running else None,
            bootstrap=f"localhost:{running.port}" if running else None,
            directory=str(self._directory),
            log=str(self.log),
        )

    def last_words(self) -> str:
        """The last lines of its log."""
        try:
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return "(no log)"
        return "\n".join(lines[-_LOG_LINES:]) or "(nothing)"

    def _format(self, machine: list[str], data: Path, progress: Progress) -> None:
        if (data / "meta.properties").exists():
            return
        progress("formatting its storage")
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # In one word: an id in 64 begins with a hyphen, and would be taken for an option.
        named = f"--cluster-id={cluster}"
        tool = ["kafka.tools.StorageTool", "format", "--ignore-formatted", named]
        done = subprocess.run(
            [*machine, *tool, "-c", str(self._settings)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines()
            raise BrokerFailed(
                f"kafka: {data} could not be formatted: {' '.join(said[-_LOG_LINES:])}"
            )

    def _start(self, machine: list[str], ports: BrokerPorts) -> Started:
        command = [*machine, "kafka.Kafka", str(self._settings)]
        with self.log.open("ab") as log, Path(os.devnull).open("rb") as nothing:
            streams = ((nothing, 0), (log, 1), (log, 2))
            pid = os.posix_spawn(
                command[0],
                command,
                os.environ,
                file_actions=[(os.POSIX_SPAWN_DUP2, file.fileno(), to) for file, to in streams],
                setsid=True,  # Ctrl-C at this terminal is not meant for it.
            )
        started = Started(pid=pid, port=ports.clients)
        write_whole(self._note, msgspec.json.encode(started))
        return started

    def _await(self, started: Started) -> None:
        deadline = time.monotonic() + READY_S
        while not _answers(started.port):
            if self._running() is None:
                raise BrokerFailed(f"kafka: the broker ended; its log says: {self.last_words()}")
            if time.monotonic() > deadline:
                raise BrokerFailed(
                    f"kafka: the broker is not ready after {READY_S:g} s; "
                    f"its log says: {self.last_words()}"
                )
            time.sleep(0.05)

    def _running(self) -> Started | None:
        """The process that was noted, if it is still that one: numbers are given out again."""
        try:
            noted = msgspec.json.decode(self._note.read_bytes(), type=Started)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None
        with suppress(ChildProcessError):
            # A child of ours is known; the system names it only when its program is loaded.
            return noted if os.waitpid(noted.pid, os.WNOHANG) == (0, 0) else None
        shown = ["ps", "-ww", "-o", "command=", "-p", str(noted.pid)]
        told = subprocess.run(shown, capture_output=True, text=True, check=False).stdout
        return noted if str(self._settings) in told else None


def _answers(port: int) -> bool:
    """Whether it serves clients; it listens a while before it does."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.settimeout(1)
        if probe.connect_ex(("localhost", port)) != 0:
            return False
    try:
        Topics(KafkaConfig(bootstrap=f"localhost:{port}", timeout_s=2)).named()
    except LogError:
        return False
    return True


def _require_free(port: int) -> None:
    deadline = time.monotonic() + _PORT_S
    while (error := _binding(port)) is not None:
        if time.monotonic() > deadline:
            raise UserError(
                f"kafka: port {port} of localhost cannot be had ({error.strerror}): "
                "choose others with --port and --controller-port"
            )
        time.sleep(0.05)


def _binding(port: int) -> OSError | None:
    """What keeps a port from being listened on."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("localhost", port))
        except OSError as error:
            return error
    return None
