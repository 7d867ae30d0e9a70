"""How a program asks to be watched, if it is to be."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec import UNSET, UnsetType

from events.backends.files.span_file import SpanFile
from runtime.telemetry.config import TelemetryConfig, Watched
from runtime.telemetry.telemetry import Telemetry, telemetry

type Watch = Callable[[], Telemetry]
"""Begins to watch a cell, or what a gateway does for it."""


def watch(config: TelemetryConfig | UnsetType, watched: Watched, spans: Path) -> Watch | None:
    """What begins to watch; ``None`` where the configuration does not ask for it.

    Args:
        spans: the file beside the run that its spans go to.
    """
    if config is UNSET:
        return None
    return partial(telemetry, config, watched, SpanFile(spans))
