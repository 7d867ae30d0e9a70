"""Who says it: what every span, metric and log line that leaves has in common."""

from importlib.metadata import version

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from runtime.telemetry.config import Watched


def resource_of(watched: Watched) -> Resource:
    """The resource, with what ``OTEL_RESOURCE_ATTRIBUTES`` adds; our own names win."""
    return Resource.create({**watched.attributes(), "service.version": version("wakeline")})


def scope() -> InstrumentationScope:
    """This program."""
    return InstrumentationScope("wakeline", version("wakeline"))
