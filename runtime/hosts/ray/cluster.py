"""The connection of this process to a Ray cluster."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import ray

from runtime.hosts.ray.config import LOCAL, RayConfig
from schemas.errors import UserError

_log: Final = logging.getLogger("wakeline.ray")

_ANSWER_S: Final = 5.0
_STORE_BYTES: Final = 80 << 20
"""The least that Ray takes: nothing of ours is an object in its store."""


def connect(config: RayConfig, cpus: int, **more: Any) -> bool:
    """Join a cluster, or start one on this machine; false if this process is in one already.

    Args:
        cpus: logical processors of our own cluster.
        more: what else Ray is told.

    Raises:
        UserError: the cluster cannot be reached, or does not start.
    """
    if ray.is_initialized():
        return False
    address = config.resolved
    _require_answer(address)
    if address == LOCAL:
        # Of the head it starts, half a minute by default: a machine may have other things to do.
        os.environ.setdefault("RAY_gcs_server_port_wait_time_s", "120")
        # A cluster of ours tells nobody that it is there, and serves no web pages.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        # Ray would let everything else on the machine go first; here its actors are the work.
        os.environ.setdefault("RAY_worker_niceness", "0")
        ours = {"num_cpus": cpus, "include_dashboard": False, "object_store_memory": _STORE_BYTES}
        more = {**ours, **more}
    # An actor that is let go may leave calls without an answer, which nobody waits for.
    os.environ.setdefault("RAY_IGNORE_UNHANDLED_ERRORS", "1")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    _listen_quietly()
    try:
        with _own_signals():
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, **more)
    except Exception as error:  # Ray's own is nothing narrower where a node does not start.
        raise UserError(f"Ray at {address}: {str(error).strip()}") from error
    return True


def disconnect() -> None:
    """Leave the cluster; one of our own ends."""
    with _own_signals():
        ray.shutdown()


def _require_answer(address: str) -> None:
    """See whether somebody is there: Ray itself would try for minutes."""
    host, separator, port = address.rpartition(":")
    if not separator:
        return
    try:
        socket.create_connection((host, int(port)), _ANSWER_S).close()
    except (OSError, ValueError) as error:
        raise UserError(f"Ray at {address}: nobody answers: {error}") from error


@contextmanager
def _own_signals() -> Iterator[None]:
    """Ray would answer SIGTERM by leaving at once; a supervisor stops everybody first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, ours)


def _listen_quietly() -> None:
    """Send what Ray's daemons report to the log, where it would be printed in the midst of ours.

    Ray has no setting for it. Of what they report, the supervisor tells what concerns a program.
    """
    from ray._private import worker

    def logged(data: dict[str, Any], *_: object, **__: object) -> None:
        for line in data.get("lines", ()):
            _log.debug("%s", line)

    worker.print_to_stdstream = logged
