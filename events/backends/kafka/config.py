"""How to reach a cluster, and what its topics must be set to."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from schemas.errors import UserError

DEFAULT_BOOTSTRAP: Final = "localhost:9092"


class Foreign(StrEnum):
    """What a reader does with a record in a topic of ours that is none of ours."""

    HALT = "halt"
    QUARANTINE = "quarantine"
    """Set it aside with its position, and read on."""


class SecurityConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """TLS and SASL. Secrets are never in a configuration: it says where they are.

    Attributes:
        protocol: as Kafka spells it: ``PLAINTEXT``, ``SSL``, ``SASL_PLAINTEXT`` or ``SASL_SSL``.
        ca_file: certificates to trust, PEM; the system's when empty.
        certificate_file, key_file: the client's own, for mutual TLS, PEM.
        mechanism: of SASL: ``PLAIN``, ``SCRAM-SHA-256`` or ``SCRAM-SHA-512``.
        password_env: name of the environment variable that holds the password.
        password_file: or the file that holds nothing else.
    """

    protocol: Annotated[str, Meta(pattern="^(PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL)$")] = (
        "PLAINTEXT"
    )
    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""
    mechanism: Annotated[str, Meta(pattern="^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512)$")] = (
        "SCRAM-SHA-512"
    )
    username: str = ""
    password_env: str = ""
    password_file: str = ""

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.protocol.endswith("SSL")

    @property
    def sasl(self) -> bool:
        """Whether a name and a password are shown to the broker."""
        return self.protocol.startswith("SASL")

    def password(self) -> str:
        """The secret, read when it is needed.

        Raises:
            UserError: it is not where the configuration says.
        """
        if self.password_env:
            try:
                return os.environ[self.password_env]
            except KeyError:
                raise UserError(f"kafka: the variable {self.password_env} is not set") from None
        if self.password_file:
            try:
                return Path(self.password_file).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise UserError(f"kafka: {self.password_file}: {error.strerror}") from None
        raise UserError("kafka: SASL needs `password_env` or `password_file`")


class KafkaConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One cluster, and a name space in it.

    Attributes:
        bootstrap: ``host:port`` of some brokers, comma-separated.
        prefix: what every topic begins with; homes that share it share their logs.
        replication, min_insync: copies of a topic, and how many must have a record before it is
            acknowledged. 3 and 2 survive the loss of a machine; 1 and 1 is for one machine.
        create_topics: make a topic that is missing, with the right settings.
        foreign: what to do with a record that is none of ours.
        quarantine_file: where to set it aside, as lines of JSON.
        timeout_s: how long the cluster may not answer before an operation fails.
    """

    bootstrap: Annotated[str, Meta(min_length=1)] = DEFAULT_BOOTSTRAP
    prefix: Annotated[str, Meta(pattern="^[A-Za-z0-9-]+$", max_length=40)] = "wakeline"
    replication: Annotated[int, Meta(ge=1)] = 1
    min_insync: Annotated[int, Meta(ge=1)] = 1
    create_topics: bool = True
    foreign: Foreign = Foreign.HALT
    quarantine_file: str = ""
    timeout_s: Annotated[float, Meta(ge=1)] = 30.0
    security: SecurityConfig = SecurityConfig()

    def __post_init__(self) -> None:
        if self.min_insync > self.replication:
            raise ValueError("`min_insync` is more than `replication`: nothing could be written")
        if self.foreign is Foreign.QUARANTINE and not self.quarantine_file:
            raise ValueError('`foreign = "quarantine"` needs a `quarantine_file`')

    @property
    def timeout_ms(self) -> int:
        """``timeout_s`` in milliseconds."""
        return int(self.timeout_s * 1000)
