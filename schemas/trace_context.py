"""The names of traces and spans: functions of what is recorded, so that every process that sees a
chain names it alike and nobody has to hand a name on.

They follow from ids and never enter one, nor the decision hash. Form: W3C Trace Context.
"""

from hashlib import blake2b
from typing import Final

from schemas.identity import parse_tick_id

NO_PARENT: Final = ""


def trace_id(cell: str, run: str, correlation: str) -> str:
    """The trace of a chain of decisions, 32 hexadecimal digits: one a correlation in a journal."""
    return _digest(f"{cell}\x1f{run}\x1f{correlation}", 16)


def span_id(trace: str, event: str) -> str:
    """The span in which an event came about, 16 hexadecimal digits."""
    return _digest(f"{trace}\x1f{event}", 8)


def parent_id(trace: str, event: str, cause: str) -> str:
    """The span of what an event answers; ``NO_PARENT`` for a first cause and after a tick, which
    has no span.
    """
    return NO_PARENT if cause == event or parse_tick_id(cause) else span_id(trace, cause)


def traceparent(trace: str, span: str, *, sampled: bool) -> str:
    """What a step carries in ``trace``: version 00 of W3C's header."""
    return f"00-{trace}-{span}-{'01' if sampled else '00'}"


def is_within(trace: str, share: float) -> bool:
    """Whether a trace is in a share (0 to 1) of all, the same in every process.

    As OpenTelemetry's ratio sampler decides it: by the last 64 bits of the id.
    """
    return int(trace[16:], 16) < share * 2**64


def _digest(name: str, size: int) -> str:
    return blake2b(name.encode(), digest_size=size).hexdigest()
