"""A strategy's numbers: declared once with type, bounds and meaning, and checked before a run.

    class EmaCross(Strategy):
        fast: int = parameter(10, ge=2, le=200, doc="bars of the fast average")

On an instance ``self.fast`` is the number; on the class it is its ``Parameter``, for listings.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast, overload

from schemas.errors import UserError
from schemas.strategy import ParameterValue

_KINDS: Final[dict[str, type[ParameterValue]]] = {
    kind.__name__: kind for kind in (int, float, str, bool)
}
_BOOLEANS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class ParameterError(UserError):
    """A parameter that does not exist, or a value that its strategy cannot work with."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a value must keep to; ``choices`` is empty when any value will do."""

    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    choices: tuple[ParameterValue, ...] = ()

    def hold(self, value: ParameterValue) -> bool:
        """Whether ``value`` is within them."""
        if self.choices and value not in self.choices:
            return False
        if isinstance(value, str):
            return True
        return (
            math.isfinite(value)
            and (self.ge is None or value >= self.ge)
            and (self.gt is None or value > self.gt)
            and (self.le is None or value <= self.le)
        )

    def __str__(self) -> str:
        limits = ((">=", self.ge), (">", self.gt), ("<=", self.le))
        parts = [f"{sign} {limit}" for sign, limit in limits if limit is not None]
        if self.choices:
            parts.append("one of " + ", ".join(map(str, self.choices)))
        return " and ".join(parts)


class Parametrised(Protocol):
    """What a parameter can be read from."""

    @property
    def parameters(self) -> Mapping[str, ParameterValue]:
        """Every parameter's settled value."""
        ...


class Parameter:
    """One declared parameter; a descriptor that reads its owner's settled value.

    Attributes:
        name: its attribute's name; kind: ``int``, ``float``, ``str`` or ``bool``, as annotated.
        default: the value where none is given.
        bounds: what a value must keep to; doc: what it means.
    """

    name: str
    kind: type[ParameterValue]

    def __init__(self, default: ParameterValue, bounds: Bounds, doc: str) -> None:
        self.default = default
        self.bounds: Final = bounds
        self.doc: Final = doc

    def __set_name__(self, owner: type, name: str) -> None:
        annotation = owner.__annotations__.get(name, type(self.default))
        kind = _KINDS.get(annotation if isinstance(annotation, str) else annotation.__name__)
        if kind is None:
            raise TypeError(f"parameter {owner.__name__}.{name} is no int, float, str or bool")
        for base in owner.__mro__[1:]:
            if not isinstance(vars(base).get(name, self), Parameter):
                raise TypeError(f"parameter {owner.__name__}.{name} hides {base.__name__}.{name}")
        self.name, self.kind = name, kind
        self.default = self.accept(owner.__name__, self.default)

    @overload
    def __get__(self, instance: None, owner: type) -> "Parameter": ...
    @overload
    def __get__(self, instance: Parametrised, owner: type) -> ParameterValue: ...
    def __get__(self, instance: Parametrised | None, owner: type) -> "Parameter | ParameterValue":
        return self if instance is None else instance.parameters[self.name]

    def __set__(self, instance: Parametrised, value: object) -> None:
        raise AttributeError(
            f"parameter {self.name} is fixed; keep what changes under another name"
        )

    def accept(self, strategy: str, given: ParameterValue) -> ParameterValue:
        """``given`` as this parameter's type; text is read, as a command line gives it.

        Raises:
            ParameterError: it has another type, or lies outside the bounds.
        """
        value = self._read(given)
        if value is None:
            raise ParameterError(
                f"strategy {strategy}: parameter {self.name}={given!r} must be of type "
                f"{self.kind.__name__} ({self.doc or 'no description'})"
            )
        if not self.bounds.hold(value):
            raise ParameterError(
                f"strategy {strategy}: parameter {self.name}={value} must be "
                f"{str(self.bounds) or 'finite'} ({self.doc or 'no description'})"
            )
        return value

    def _read(self, given: ParameterValue) -> ParameterValue | None:
        if self.kind is bool:
            return _BOOLEANS.get(given.lower()) if isinstance(given, str) else _only(bool, given)
        if isinstance(given, bool):
            return None
        if isinstance(given, str) or (self.kind is float and isinstance(given, int)):
            try:
                return self.kind(given)
            except ValueError:
                return None
        return _only(self.kind, given)


def _only(kind: type[ParameterValue], given: ParameterValue) -> ParameterValue | None:
    return given if isinstance(given, kind) else None


def parameter[T: (int, float, str, bool)](
    default: T,
    *,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    choices: tuple[T, ...] = (),
    doc: str = "",
) -> T:
    """Declare a parameter of a strategy, in its class body.

    Raises:
        ParameterError: the default breaks its own bounds.
    """
    # The descriptor stands where a type checker is told to see the value that it gives.
    return cast(T, cast(Any, Parameter(default, Bounds(ge, gt, le, choices), doc)))
