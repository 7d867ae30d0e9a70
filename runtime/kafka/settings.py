"""What the broker on this machine is told."""

from dataclasses import dataclass
from pathlib import Path

from events.backends.kafka.clients.port import RECORD_BYTES_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerPorts:
    """Ports on localhost: for clients, and for the broker's own controller."""

    clients: int = 9092
    controller: int = 9093


def server_properties(data: Path, ports: BrokerPorts, extra: dict[str, str]) -> str:
    """The file that the broker reads; ``extra`` overrides anything."""
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@localhost:{ports.controller}",
        "listeners": f"CLIENTS://localhost:{ports.clients},CONTROLLER://localhost:{ports.controller}",
        "listener.security.protocol.map": "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "CLIENTS",
        "log.dirs": str(data),
        # One broker holds the only copy of everything, its own bookkeeping included.
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        # Topics are made by who knows how they must be set.
        "auto.create.topics.enable": "false",
        "log.retention.ms": "-1",
        "log.message.timestamp.type": "LogAppendTime",
        "message.max.bytes": str(RECORD_BYTES_MAX),
        "group.initial.rebalance.delay.ms": "0",
        "num.io.threads": "4",
        **extra,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())
