"""Facts about a feed as market batches: instruments, gaps, refused rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from actors.feeds.rows import Int64s
from events.batches import LAYOUTS, TIME, BatchKind
from events.codecs.json import encode_payload
from schemas.quantities import Nanoseconds
from schemas.registry import Payload


@dataclass(frozen=True, slots=True)
class Fact:
    """An event of a feed, and the market time at which the feed stood."""

    ts: Nanoseconds
    payload: Payload


def times(ts: Int64s) -> pa.TimestampArray:
    """Nanoseconds as Arrow's, without a copy."""
    return pa.Array.from_buffers(TIME, len(ts), [None, pa.py_buffer(np.ascontiguousarray(ts))])


def facts_batch(facts: Sequence[Fact]) -> pa.RecordBatch:
    """The batch of kind ``market.facts`` that holds them."""
    ts = times(np.asarray([fact.ts for fact in facts], dtype=np.int64))
    return pa.RecordBatch.from_arrays(
        [
            ts,
            ts,
            pa.array([fact.payload.KIND for fact in facts], pa.string()),
            pa.array([fact.payload.VERSION for fact in facts], pa.int16()),
            pa.array([encode_payload(fact.payload).decode() for fact in facts], pa.string()),
        ],
        schema=LAYOUTS[BatchKind.FACTS],
    )
