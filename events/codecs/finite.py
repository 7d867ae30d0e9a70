"""Only finite numbers are written: JSON has no NaN, and an event with one could not be read."""

import math
from collections.abc import Iterator
from functools import cache

import msgspec
from msgspec import inspect

from schemas.registry import Payload


def refuse_what_json_cannot_hold(payload: Payload) -> None:
    """Check every binary float of a payload.

    Raises:
        ValueError: one is not finite; kind and field are named.
    """
    for name in _fields_that_hold_floats(type(payload)):
        value = getattr(payload, name)
        if isinstance(value, float) and math.isfinite(value):
            continue
        for path, number in _floats(name, msgspec.to_builtins(value)):
            if not math.isfinite(number):
                raise ValueError(f"{payload.KIND}: {path} is {number}, which JSON cannot hold")


@cache
def _fields_that_hold_floats(payload: type[Payload]) -> tuple[str, ...]:
    described = inspect.type_info(payload)
    assert isinstance(described, inspect.StructType)
    return tuple(field.name for field in described.fields if _reaches_float(field.type))


def _reaches_float(kind: inspect.Type) -> bool:
    match kind:
        case inspect.FloatType():
            return True
        case inspect.StructType(fields=fields):
            return any(_reaches_float(field.type) for field in fields)
        case inspect.UnionType(types=types):
            return any(map(_reaches_float, types))
        case inspect.DictType(value_type=value):
            return _reaches_float(value)
        case inspect.VarTupleType(item_type=item):
            return _reaches_float(item)
        case _:
            return False


def _floats(path: str, value: object) -> Iterator[tuple[str, float]]:
    match value:
        case float():
            yield path, value
        case dict():
            for key, inner in value.items():
                yield from _floats(f"{path}.{key}", inner)
        case list() | tuple():
            for number, inner in enumerate(value):
                yield from _floats(f"{path}.{number}", inner)
        case _:
            pass
