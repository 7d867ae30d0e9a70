"""A topology at work in a home, until its work is done or somebody ends it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from runtime.backends import open_backend
from runtime.casting import cast
from runtime.config import ConfigError
from runtime.control.desk import Desk
from runtime.control.server import ControlServer
from runtime.home import Home
from runtime.supervision.lifecycle import Care
from runtime.supervision.supervisor import ActorStatus, Outcome, Supervisor
from runtime.supervision.worker import Host
from runtime.topology import Topology


def run_topology(
    home: Home, topology: Topology, *, new: bool = False
) -> tuple[Outcome, list[ActorStatus]]:
    """Run everything, and answer the home's control socket meanwhile.

    SIGINT and SIGTERM end it in order.

    Raises:
        UserError: the home is in use, or a feed, a field or a log needs a person.
    """
    with home.held("up"):
        assignments = cast(topology, home, new=new)
        config = topology.host
        host = host_of(topology)
        care = Care(heartbeat=config.heartbeat, restart=config.restart)
        supervisor = Supervisor(host, assignments, care)
        backend = open_backend(topology.journal, home, config.durability)
        desk = Desk(supervisor, assignments, backend, config.kind)
        try:
            with _ended_by_signals(supervisor), ControlServer(home.control_socket, desk.fulfil):
                supervisor.launch()
                outcome = supervisor.run()
            return outcome, supervisor.statuses()
        finally:
            desk.close()
            host.close()


def host_of(topology: Topology) -> Host:
    """The host that a topology asks for.

    Raises:
        ConfigError: its package is not installed.
        UserError: its cluster cannot be reached.
    """
    config = topology.host
    match config.kind:
        case "inline":
            from runtime.hosts.inline.programs import InlineHost

            return InlineHost()
        case "process":
            from runtime.hosts.process.host import ProcessHost

            return ProcessHost(config.heartbeat.interval_ms)
        case "pykka":
            with _needing("pykka"):
                from runtime.hosts.pykka.host import PykkaHost
            return PykkaHost(config.heartbeat.interval_ms, config.mailbox)
        case "ray":
            with _needing("ray"):
                from runtime.hosts.ray.host import RayHost
                from runtime.hosts.ray.placement import local_cpus
            cpus = local_cpus(topology.placements)
            return RayHost(topology.ray, config.heartbeat.interval_ms, cpus)


@contextmanager
def _needing(package: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise ConfigError(f"host {package!r}: {error}; `make full` installs it") from error


@contextmanager
def _ended_by_signals(supervisor: Supervisor) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # Signals reach the main thread only.
        return

    def end(number: int, _frame: FrameType | None) -> None:
        supervisor.end(signal.Signals(number).name)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
