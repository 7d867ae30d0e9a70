"""The client in Python: it administers topics."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from kafka import errors as faults

from events.backends.kafka.config import KafkaConfig
from events.errors import LogError, NotAllowed, NotFound, Unreachable

_BY_KIND: Final[tuple[tuple[type[Exception], type[LogError]], ...]] = (
    (faults.UnknownTopicOrPartitionError, NotFound),
    (faults.TopicAuthorizationFailedError, NotAllowed),
    (faults.ClusterAuthorizationFailedError, NotAllowed),
    (faults.SaslAuthenticationFailedError, NotAllowed),
    (faults.KafkaTimeoutError, Unreachable),
    (faults.KafkaConnectionError, Unreachable),
    (faults.RetriableError, Unreachable),
)


@contextmanager
def typed_errors(topic: str) -> Iterator[None]:
    """Raise every error of the client as a ``LogError`` that names the topic."""
    try:
        yield
    except faults.KafkaError as error:
        kinds = (fault for kind, fault in _BY_KIND if isinstance(error, kind))
        raise next(kinds, LogError)(f"kafka: {topic}: {_said(error)}") from error


def _said(error: faults.KafkaError) -> str:
    # Where the other client says that a password is wrong, this one only waits in vain.
    return f"{error} (or it does not let us in)" if "bootstrap" in str(error) else str(error)


def connection(config: KafkaConfig) -> Mapping[str, Any]:
    """What every object of this client is told about the cluster."""
    security = config.security
    settings: dict[str, Any] = {
        "bootstrap_servers": config.bootstrap.split(","),
        "bootstrap_timeout_ms": config.timeout_ms,
        "security_protocol": security.protocol,
        "client_id": "wakeline",
        "reconnect_backoff_max_ms": 1_000,
    }
    if security.tls:
        settings["ssl_cafile"] = security.ca_file or None
        settings["ssl_certfile"] = security.certificate_file or None
        settings["ssl_keyfile"] = security.key_file or None
    if security.sasl:
        settings["sasl_mechanism"] = security.mechanism
        settings["sasl_plain_username"] = security.username
        settings["sasl_plain_password"] = security.password()
    return settings
