"""Two decisions side by side."""

from typing import TYPE_CHECKING, Final

from runtime.cli.formats import brief, utc

if TYPE_CHECKING:
    from rich.console import Console

    from events.replay import Difference
    from schemas.envelope import AnyEvent

_SHOWN_ABOVE: Final = frozenset({"kind", "ts", "author"})


def difference_fields(difference: "Difference | None") -> dict[str, object] | None:
    """A difference as plain data, for JSON."""
    if difference is None:
        return None
    return {
        "seq": difference.seq,
        "index": difference.index,
        "recorded": _plain(difference.recorded),
        "recomputed": _plain(difference.recomputed),
        "fields": difference.fields,
    }


def show_difference(console: "Console", difference: "Difference", names: tuple[str, str]) -> None:
    """The two events and the fields in which they differ, under the names of their sides."""
    from rich.table import Table

    table = Table(f"step {difference.seq}.{difference.index}", *names, box=None)
    sides = (difference.recorded, difference.recomputed)
    table.add_row("kind", *(side.kind if side else "nothing" for side in sides))
    table.add_row("market time", *(utc(side.ts) if side else "" for side in sides))
    table.add_row("author", *(side.author if side else "" for side in sides))
    for field in difference.fields:
        if field.name in _SHOWN_ABOVE:
            continue
        table.add_row(f"[red]{field.name}[/red]", field.recorded or "", field.recomputed or "")
    if not difference.fields:
        table.add_row("payload", *(_payload(side) for side in sides))
    console.print(table)


def _payload(event: "AnyEvent | None") -> str:
    from msgspec import to_builtins

    return brief(to_builtins(event.payload)) if event else ""


def _plain(event: "AnyEvent | None") -> object:
    from msgspec.json import decode

    from events.codecs.json import encode_event

    return None if event is None else decode(encode_event(event))
