"""One colour a kind, so that an eye finds what it looks for."""

from typing import Final

_BY_KIND: Final = {
    "order.vetoed": "bold red",
    "order.rejected": "bold red",
    "order.filled": "bold green",
    "signal.withheld": "yellow",
    "risk.limit_breached": "bold red",
    "market.refused": "yellow",
    "market.gap": "yellow",
}
_BY_SUBJECT: Final = {
    "signal": "cyan",
    "order": "green",
    "pattern": "magenta",
    "position": "blue",
    "portfolio": "blue",
    "risk": "red",
    "alert": "magenta",
    "operator": "magenta",
    "cell": "dim",
    "market": "white",
}


def colour_of(kind: str) -> str:
    """A Rich style for events of ``kind``."""
    return _BY_KIND.get(kind) or _BY_SUBJECT.get(kind.partition(".")[0], "default")
