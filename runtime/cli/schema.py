"""``wakeline schema``: what events may say."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import JsonOption
from runtime.cli.output import console, print_json

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLE: Final = "wakeline schema --output events.schema.json"


def schema(
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the JSON Schema to this file.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the kinds of events; with --json or --output, export their JSON Schema."""
    import msgspec

    import schemas.kinds  # noqa: F401 -- fills the registry
    from schemas.registry import json_schema

    if output is not None:
        exported = json_schema()
        output.write_bytes(msgspec.json.format(msgspec.json.encode(exported), indent=2) + b"\n")
        _written(output, exported, as_json=as_json)
    elif as_json:
        print_json(json_schema())
    else:
        _list()


def _written(path: Path, exported: "Mapping[str, object]", *, as_json: bool) -> None:
    kinds = exported["kinds"]
    assert isinstance(kinds, dict)
    if as_json:
        print_json({"path": str(path), "kinds": sorted(kinds)})
    else:
        console().print(f"{path}: {len(kinds)} kinds")


def _list() -> None:
    from inspect import cleandoc

    from rich.table import Table

    from runtime.cli.colours import colour_of
    from schemas.registry import registered

    table = Table("kind", "version", "decision", "what it says", box=None)
    for kind, version, payload in registered():
        paragraph = cleandoc(payload.__doc__ or "").partition("\n\n")[0]
        sentence = paragraph.replace("``", "").replace("\n", " ")
        decision = "yes" if payload.DECISION else ""
        table.add_row(f"[{colour_of(kind)}]{kind}[/]", str(version), decision, sentence)
    console().print(table)
