"""Commands whose texts, paths and flags are taken as they were typed.

Typer turns every value by pydantic, whose import takes longer than most commands run. Texts, paths
and flags need nothing of it, so they are turned here; a command with a number still loads it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

_TURNED: Final[dict[Any, Callable[[Any], object]]] = {
    bool: bool,  # No flag of ours has a variable, so the parser has made it True or False.
    str: str,
    Path: Path,
    list[str]: list,
    list[Path]: lambda values: [Path(value) for value in values],
}


class PlainCommand(TyperCommand):
    """A command that loads pydantic only for what needs it."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _plain(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """The program, whose own options are such, too."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _plain(super().get_params(ctx))


@dataclass(frozen=True, slots=True)
class _Plain:
    """What Typer asks to turn a value."""

    turned: Callable[[Any], object]

    def coerce(self, value: Any, **_: object) -> object:
        """The value that the command is called with; nothing stays nothing."""
        return None if value is None else self.turned(value)


def _plain(parameters: Iterable[object]) -> list[Any]:
    """The parameters, told how to turn what is plain.

    A later Typer that does not look at what is set here is as right as before, and slower.
    """
    plain = list(parameters)
    for parameter in plain:
        if isinstance(parameter, TyperArgument | TyperOption):
            turned = _TURNED.get(parameter.type_descriptor.annotation)
            if turned is not None:
                vars(parameter)["_runtime_param"] = _Plain(turned)
    return plain
