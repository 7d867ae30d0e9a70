"""An actor's state as plain data that can be compared and printed."""

import re
from collections import deque
from collections.abc import Mapping, Set
from decimal import Decimal
from enum import Enum
from types import GetSetDescriptorType

import msgspec
import numpy as np

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_PLAIN = (bool, int, str, bytes, Decimal, Enum, type(None))


def snapshot(value: object) -> object:
    """``value`` in depth, as nested tuples of plain data; the order of mappings counts.

    Objects are taken apart by their attributes. What a compiled type hides is seen only as far as
    its properties tell, so two of them may be equal here and still differ inside.
    """
    return _taken_apart(value, ())


def _taken_apart(value: object, above: tuple[int, ...]) -> object:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, float):
        return repr(value)
    if id(value) in above:
        return "(itself)"
    parts = _parts(value)
    if parts is None:
        return _ADDRESS.sub("", repr(value))
    inner = (*above, id(value))
    return type(value).__name__, *(_taken_apart(part, inner) for part in parts)


def _parts(value: object) -> list[object] | None:
    """What ``value`` consists of, or ``None`` when it is best told by its ``repr``."""
    match value:
        case Mapping():
            return list(value.items())
        case Set():
            return sorted(value, key=repr)
        case list() | tuple() | deque():
            return list(value)
        case np.ndarray():
            return [value.dtype.str, value.shape, value.tolist()]
        case msgspec.Struct():
            return [(name, getattr(value, name)) for name in value.__struct_fields__]
        case _ if callable(value):
            return None
        case _:
            return _attributes(value)


def _attributes(value: object) -> list[object]:
    slots = [
        name
        for part in type(value).__mro__
        for name in _as_names(vars(part).get("__slots__", ()))
        if hasattr(value, name)
    ]
    if slots or hasattr(value, "__dict__"):
        own = {name: getattr(value, name) for name in slots} | getattr(value, "__dict__", {})
        return list(own.items())
    return [
        (name, _ADDRESS.sub("", repr(getattr(value, name))))
        for name, member in sorted(vars(type(value)).items())
        if isinstance(member, GetSetDescriptorType)
    ]


def _as_names(slots: str | tuple[str, ...]) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)
