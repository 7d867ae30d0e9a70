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
    if not _holds_floats(type(payload)):
        return
    for path, number in _floats("", msgspec.to_builtins(payload)):
        if not math.isfinite(number):
            raise ValueError(f"{payload.KIND}: {path} is {number}, which JSON cannot hold")


@cache
def _holds_floats(payload: type[Payload]) -> bool:
    return _reaches_float(inspect.type_info(payload))


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
                yield from _floats(f"{path}.{key}" if path else str(key), inner)
        case list() | tuple():
            for number, inner in enumerate(value):
                yield from _floats(f"{path}.{number}", inner)
        case _:
            pass
