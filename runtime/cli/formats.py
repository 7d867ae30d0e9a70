"""How values are written for people."""

from datetime import UTC, datetime

from schemas.quantities import SECOND_NS, Nanoseconds


def utc(ts: Nanoseconds | None) -> str:
    """A time to the millisecond, such as ``2014-05-01 12:30:00.250``; empty for no time."""
    if ts is None:
        return ""
    whole = datetime.fromtimestamp(ts // SECOND_NS, UTC)
    return f"{whole:%Y-%m-%d %H:%M:%S}.{ts % SECOND_NS // 1_000_000:03d}"


def elapsed(ns: Nanoseconds) -> str:
    """A stretch of time in the unit that shows it best, such as ``12.3 µs``."""
    for unit, size in (("s", SECOND_NS), ("ms", 1_000_000), ("µs", 1_000)):
        if ns >= size:
            return f"{ns / size:.1f} {unit}"
    return f"{ns} ns"


def brief(payload: object, width: int = 120) -> str:
    """A payload's fields in one line, nested ones as ``outer.inner=value``, cut at ``width``."""
    line = " ".join(_pairs("", payload))
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _pairs(name: str, value: object) -> list[str]:
    match value:
        case dict():
            prefix = f"{name}." if name else ""
            return [
                pair for key, inner in value.items() for pair in _pairs(f"{prefix}{key}", inner)
            ]
        case None | "" | False:
            return []
        case list() | tuple():
            return [f"{name}=[{len(value)}]"] if value else []
        case _:
            return [f"{name}={value}"]
