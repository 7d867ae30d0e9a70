"""Where a collector is, and whether anything is to be sent there."""

import os
from typing import Final
from urllib.parse import urlsplit

_SIGNALS: Final = ("", "_TRACES", "_METRICS", "_LOGS")
_LOCAL: Final = "localhost:4318"
"""Where OpenTelemetry looks when nothing else is said of a signal."""


def is_asked_for(endpoint: str) -> bool:
    """Whether the configuration or the environment names a collector, and none switches it off."""
    if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    named = (os.environ.get(f"OTEL_EXPORTER_OTLP{signal}_ENDPOINT") for signal in _SIGNALS)
    return bool(endpoint or any(named))


def signal_url(endpoint: str, signal: str) -> str | None:
    """Where a signal (``traces``, ``metrics``, ``logs``) goes; ``None`` leaves it to the
    environment.
    """
    return f"{endpoint.rstrip('/')}/v1/{signal}" if endpoint else None


def shown(endpoint: str) -> str:
    """Host and port for people: what else an address in the environment may hold is not theirs."""
    named = endpoint or os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    parts = urlsplit(named)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname}{port}" if parts.hostname else _LOCAL
