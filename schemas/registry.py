"""One registry maps a wire name and version to the class that holds its payload."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final

import msgspec

from schemas.errors import UserError


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What an event says. Every kind is a frozen subclass, registered by ``@event``."""

    KIND: ClassVar[str]
    VERSION: ClassVar[int]
    DECISION: ClassVar[bool]


class UnknownKind(LookupError, UserError):
    """A (kind, version) that this program has no class for."""


type RawPayload = dict[str, Any]
type Upcaster = Callable[[RawPayload], RawPayload]

_classes: Final[dict[tuple[str, int], type[Payload]]] = {}
_latest: Final[dict[str, int]] = {}
_upcasters: Final[dict[tuple[str, int], Upcaster]] = {}


def event[P: Payload](
    kind: str, *, version: int = 1, decision: bool = True
) -> Callable[[type[P]], type[P]]:
    """Register a payload class under its wire name.

    Args:
        kind: the wire name, ``subject.past_participle``.
        version: the payload's schema version; a version is never edited, only added.
        decision: whether the kind counts towards the decision hash. Facts about the market, the
            cell itself and health do not.
    """

    def register(payload: type[P]) -> type[P]:
        key = (kind, version)
        if key in _classes:
            raise ValueError(f"{kind} version {version} is registered twice")
        payload.KIND, payload.VERSION, payload.DECISION = kind, version, decision
        _classes[key] = payload
        _latest[kind] = max(version, _latest.get(kind, 0))
        return payload

    return register


def upcaster(kind: str, *, from_version: int) -> Callable[[Upcaster], Upcaster]:
    """Register a pure function that lifts a raw payload of ``from_version`` to the next version."""

    def register(lift: Upcaster) -> Upcaster:
        if (kind, from_version) in _upcasters:
            raise ValueError(f"{kind} version {from_version} is lifted twice")
        _upcasters[kind, from_version] = lift
        return lift

    return register


def class_of(kind: str, version: int) -> type[Payload]:
    """The class of a kind and version.

    Raises:
        UnknownKind: nothing is registered under that name and version.
    """
    try:
        return _classes[kind, version]
    except KeyError:
        known = sorted(v for k, v in _classes if k == kind)
        hint = f"versions known: {known}" if known else "no such kind"
        raise UnknownKind(f"{kind} version {version} ({hint})") from None


def latest_version(kind: str) -> int:
    """The newest registered version of ``kind``.

    Raises:
        UnknownKind: no version of it is registered.
    """
    try:
        return _latest[kind]
    except KeyError:
        raise UnknownKind(f"{kind} (no such kind)") from None


def upcast(kind: str, version: int, raw: RawPayload) -> tuple[int, RawPayload]:
    """Lift a raw payload as far as upcasters lead; one of the newest version stays as it is."""
    while (lift := _upcasters.get((kind, version))) is not None:
        version, raw = version + 1, lift(raw)
    return version, raw


def stranded() -> list[tuple[str, int]]:
    """Versions below their kind's newest that no upcaster lifts, so that they cannot be read."""
    return [
        (kind, version)
        for kind, latest in sorted(_latest.items())
        for version in range(1, latest)
        if (kind, version) not in _upcasters
    ]


def is_decision(kind: str) -> bool:
    """Whether events of ``kind`` enter the decision hash."""
    return class_of(kind, latest_version(kind)).DECISION


def registered() -> Iterator[tuple[str, int, type[Payload]]]:
    """Every registered (kind, version, class), in order of kind and version."""
    for (kind, version), payload in sorted(_classes.items(), key=lambda item: item[0]):
        yield kind, version, payload


def json_schema() -> Mapping[str, Any]:
    """JSON Schema (2020-12) of every payload, by ``kind/v1``."""
    entries = list(registered())
    schemas, components = msgspec.json.schema_components(
        [payload for _, _, payload in entries], ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Wakeline events",
        "kinds": {
            f"{kind}/v{version}": schema
            for (kind, version, _), schema in zip(entries, schemas, strict=True)
        },
        "$defs": components,
    }
