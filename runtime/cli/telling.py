"""What the commands of an operator have in common: a wish, and what was recorded because of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from runtime.cli.output import tell

if TYPE_CHECKING:
    from runtime.control.messages import Answer, Ask


def tell_system(home: Path, wish: "Ask", sentence: str, *, as_json: bool) -> None:
    """Pass a wish on in this user's name, and say what came of it."""
    import getpass

    import msgspec

    from runtime.control.client import ask
    from runtime.home import Home

    wish = msgspec.structs.replace(wish, operator=getpass.getuser())
    answer: Answer = ask(Home.existing(home), wish)
    told = {"pid": answer.pid, "commands": answer.commands}
    recorded = ", ".join(f"{cell}: {name}" for cell, name in answer.commands.items())
    tell(
        told,
        as_json=as_json,
        show=lambda console: console.print(f"{sentence} [dim]recorded as {recorded}[/dim]"),
    )
