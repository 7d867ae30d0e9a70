"""How patient a supervisor is."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class RestartPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a program that failed is replaced, and when that is given up.

    Attributes:
        backoff_min_ms, backoff_max_ms: pause before the first replacement; it doubles with every
            failure within the window, up to the second.
        limit: failures within the window after which nothing is tried any more.
        window_s: how long a failure counts.
        on_limit: ``degrade`` leaves the rest running, ``stop`` ends everything in order.
    """

    backoff_min_ms: Annotated[int, Meta(ge=1)] = 100
    backoff_max_ms: Annotated[int, Meta(ge=1)] = 10_000
    limit: Annotated[int, Meta(ge=0)] = 5
    window_s: Annotated[float, Meta(gt=0)] = 60.0
    on_limit: Literal["degrade", "stop"] = "degrade"

    def __post_init__(self) -> None:
        if self.backoff_max_ms < self.backoff_min_ms:
            raise ValueError("`backoff_max_ms` must not be below `backoff_min_ms`")


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a program that hangs is told from one that works.

    Attributes:
        interval_ms: how often a program says that it has finished a turn.
        timeout_ms: after so long without a word it counts as hung.
        start_ms: how long the first word may take, because code has to be loaded.
        stop_ms: how long an orderly end may take before it is cut short.
    """

    interval_ms: Annotated[int, Meta(ge=1)] = 250
    timeout_ms: Annotated[int, Meta(ge=1)] = 10_000
    start_ms: Annotated[int, Meta(ge=1)] = 60_000
    stop_ms: Annotated[int, Meta(ge=1)] = 60_000

    def __post_init__(self) -> None:
        if self.timeout_ms <= self.interval_ms:
            raise ValueError("`timeout_ms` must be above `interval_ms`")
