"""What a command says: tables and sentences for people, or one JSON object for programs.

Standard output carries the answer and nothing else; progress and errors go to standard error.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console


_PIPED_WIDTH: Final = 10_000
"""Nothing is cut or folded where no terminal says how wide it is: a program reads on, or a file."""


def console() -> "Console":
    """Standard output, for people."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else _PIPED_WIDTH)


def progress() -> "Console":
    """Standard error: what is going on meanwhile."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def print_json(answer: object) -> None:
    """Write one JSON object (anything that msgspec encodes) and a newline to standard output."""
    import msgspec

    sys.stdout.write(msgspec.json.encode(answer).decode())
    sys.stdout.write("\n")


def tell(answer: object, *, as_json: bool, show: Callable[["Console"], None]) -> None:
    """Give an answer once: as JSON, or to people by ``show``."""
    if as_json:
        print_json(answer)
    else:
        show(console())
