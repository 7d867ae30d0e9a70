"""Names that stay the same whoever computes them, and however often.

An output's id is a hash of its author, the id of its cause and its ordinal among the outputs that
the
author gave for that cause. A tick is named by its source and sequence number. Offsets, clocks and
random numbers never enter, so running twice makes the same ids.
"""

from hashlib import blake2b

ID_LENGTH = 20
"""Characters of an event id. Client order ids reuse it: venues allow 24 or more, so a leg fits."""


def event_id(author: str, cause: str, ordinal: int) -> str:
    """The id of the ``ordinal``-th output (from 0) that ``author`` gave for ``cause``."""
    name = f"{author}\x1f{cause}\x1f{ordinal}".encode()
    return blake2b(name, digest_size=ID_LENGTH // 2).hexdigest()


def tick_id(source: str, seq: int) -> str:
    """The name of one market record for ever: ``source:seq``."""
    return f"{source}:{seq}"


def parse_tick_id(identifier: str) -> tuple[str, int] | None:
    """The source and sequence number behind a tick's id; ``None`` when it names no tick."""
    source, separator, seq = identifier.rpartition(":")
    named = separator and source and seq.isascii() and seq.isdecimal() and len(seq) <= 19
    return (source, int(seq)) if named and seq == str(int(seq)) else None


def bar_id(instrument: str, interval: str, ts_close: int) -> str:
    """The business key of a closed bar."""
    return f"bar/{instrument}/{interval}/{ts_close}"


def leg_id(client_order_id: str, leg: str) -> str:
    """The client order id of a bracket's leg (``SL`` or ``TP``), 24 characters at most."""
    return f"{client_order_id}-{leg}"


def entry_of(client_order_id: str) -> str:
    """The client order id of the order that a leg belongs to; an order's own stays as it is."""
    return client_order_id.removesuffix("-SL").removesuffix("-TP")
