"""Hypothesis strategies for every payload, built from the types of its fields."""

from functools import cache
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

import schemas.kinds  # noqa: F401 -- fills the registry
from schemas.envelope import AnyEvent, Event
from schemas.registry import Payload, registered

type Values = st.SearchStrategy[Any]
"""Values of a type that is known at run time only."""

INT64 = st.integers(min_value=-(2**63), max_value=2**63 - 1)
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)

_SCALARS: dict[type[inspect.Type], Values] = {
    inspect.StrType: TEXT,
    inspect.IntType: INT64,
    inspect.BoolType: st.booleans(),
    inspect.NoneType: st.none(),
    inspect.FloatType: st.floats(allow_nan=False, allow_infinity=False),
    inspect.DecimalType: st.decimals(allow_nan=False, allow_infinity=False),
}


PAYLOADS: list[type[Payload]] = [payload for _, _, payload in registered()]


@cache
def payloads_of(payload: type[Payload]) -> st.SearchStrategy[Payload]:
    """Any value of a payload class."""
    return _of(inspect.type_info(payload))


def payloads() -> st.SearchStrategy[Payload]:
    """Any payload of any registered kind."""
    return st.sampled_from(PAYLOADS).flatmap(payloads_of)


def events() -> st.SearchStrategy[AnyEvent]:
    """Any event of any registered kind."""
    return st.builds(
        Event,
        id=TEXT,
        author=TEXT,
        cause=TEXT,
        correlation=TEXT,
        ts=INT64,
        ts_recorded=INT64,
        payload=payloads(),
    )


def _of(kind: inspect.Type) -> Values:
    match kind:
        case inspect.StructType(cls=cls, fields=fields):
            return st.builds(cls, **{field.name: _of(field.type) for field in fields})
        case inspect.UnionType(types=types):
            return st.one_of(*map(_of, types))
        case inspect.DictType(key_type=key, value_type=value):
            return st.dictionaries(_of(key), _of(value), max_size=3)
        case inspect.VarTupleType(item_type=item):
            return st.lists(_of(item), max_size=3).map(tuple)
        case inspect.EnumType(cls=cls):
            return st.sampled_from(list(cls))
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case _:
            return _SCALARS[type(kind)]
