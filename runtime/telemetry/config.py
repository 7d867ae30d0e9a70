"""What is watched, and where it is sent. It decides nothing: no run is named or hashed by it."""

from socket import gethostname
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta


class TelemetryConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table ``[telemetry]``.

    Attributes:
        sample: share of the chains without a decision whose spans are kept too, 0 to 1. Chains in
            which a signal, order, veto or fill occurred are kept always.
        endpoint: a collector that takes OTLP over HTTP, such as ``http://localhost:4318``. When
            empty, what ``OTEL_EXPORTER_OTLP_ENDPOINT`` names; nothing is sent without either.
    """

    sample: Annotated[float, Meta(ge=0, le=1)] = 0.0
    endpoint: str = ""

    def __post_init__(self) -> None:
        if not self.endpoint:
            return
        parts = urlsplit(self.endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("`endpoint` must begin with http:// or https:// and name a host")
        if parts.username or parts.password or parts.query:
            raise ValueError(
                "`endpoint` may hold no password or token: OTEL_EXPORTER_OTLP_HEADERS is for them"
            )


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """Who is watched: the names that every span, figure and log line carries."""

    cell: str
    run: str
    service: str = "wakeline"
    host: str = msgspec.field(default_factory=gethostname)

    def attributes(self) -> dict[str, str]:
        """As OpenTelemetry's resource attributes."""
        return {
            "service.name": self.service,
            "service.instance.id": f"{self.cell}/{self.run}",
            "host.name": self.host,
            "wakeline.cell": self.cell,
            "wakeline.run": self.run,
        }
