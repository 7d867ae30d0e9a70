"""No look-ahead, in the whole system: what comes after a time changes nothing before it."""

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from events.backends.memory.market_log import MemoryMarketLog
from events.batches import BatchKind, MarketRecord
from schemas.envelope import Step
from tests.acceptance import in_memory
from tests.acceptance.test_same_decisions import HOUR

type Mantissas = np.ndarray[tuple[int], np.dtype[np.int64]]
type Perturbation = Callable[[Mantissas], Mantissas]

TICKS_USED: Final = 900
"""About twenty minutes: some fifty orders."""

PERTURBATIONS: Final[dict[str, Perturbation]] = {
    "higher": lambda prices: prices + 150,
    "lower": lambda prices: prices - 150,
    "mirrored": lambda prices: 2 * prices[0] - prices,
    "backwards": lambda prices: prices[::-1],
    "flat": lambda prices: np.full_like(prices, prices[0]),
    "wild": lambda prices: prices + 400 * (np.arange(len(prices)) % 2),
}


@cache
def market() -> tuple[tuple[MarketRecord, ...], str]:
    log, (source,) = in_memory.ingested([HOUR])
    return tuple(log.read(source, 0, TICKS_USED)), source


def run_on(records: tuple[MarketRecord, ...], source: str) -> list[Step]:
    log = MemoryMarketLog()
    with log.open(source) as writer:
        for record in records:
            writer.append(record.kind, record.terms, record.batch, checkpoint=b"")
    return in_memory.run(log, [source])


@cache
def undisturbed() -> list[Step]:
    return run_on(*market())


def times_of(records: tuple[MarketRecord, ...]) -> list[int]:
    return [
        int(time)
        for record in records
        if record.kind is BatchKind.QUOTES
        for time in record.batch["ts_event"].view("int64").to_pylist()
    ]


def perturbed(record: MarketRecord, ts: int, perturbation: Perturbation) -> MarketRecord:
    """Both prices of every quote at ``ts`` and later are changed; bids stay below asks."""
    if record.kind is not BatchKind.QUOTES:
        return record
    times = np.asarray(record.batch["ts_event"].view("int64"))
    start = int(np.searchsorted(times, ts))
    if start == len(times):
        return record
    bid, ask = (np.array(record.batch[side]) for side in ("bid", "ask"))
    bid[start:], ask[start:] = perturbation(bid[start:]), perturbation(ask[start:])
    columns = dict(zip(record.batch.schema.names, record.batch.columns, strict=True))
    columns |= {"bid": pa.array(np.minimum(bid, ask)), "ask": pa.array(np.maximum(bid, ask))}
    batch = pa.RecordBatch.from_arrays(list(columns.values()), schema=record.batch.schema)
    return MarketRecord(
        source=record.source, first=record.first, kind=record.kind, terms=record.terms, batch=batch
    )


def said_before(steps: list[Step], ts: int) -> list[tuple[object, ...]]:
    """Everything but the account of the end, up to but without a time."""
    return [
        (event.id, event.author, event.cause, event.ts, event.payload)
        for step in steps
        for event in step.events
        if event.ts < ts and not event.kind.startswith("cell.") and event.kind != "market.slice"
    ]


@settings(max_examples=25)
@given(st.integers(1, TICKS_USED - 2), st.sampled_from(sorted(PERTURBATIONS)))
def test_perturbing_the_market_after_a_time_changes_nothing_before_it(
    index: int, name: str
) -> None:
    records, source = market()
    ts = times_of(records)[index]
    changed = tuple(perturbed(record, ts, PERTURBATIONS[name]) for record in records)
    assert said_before(run_on(changed, source), ts) == said_before(undisturbed(), ts)


@settings(max_examples=10)
@given(st.integers(1, TICKS_USED - 2))
def test_a_market_that_ends_earlier_leads_to_the_beginning_of_the_same_story(index: int) -> None:
    records, source = market()
    log = MemoryMarketLog()
    end = records[-1].last - (TICKS_USED - index)
    with log.open(source) as writer:
        for record in records:
            if record.first <= end:
                batch = record.batch.slice(0, end - record.first + 1)
                writer.append(record.kind, record.terms, batch, checkpoint=b"")
    cut = said_before(in_memory.run(log, [source]), 2**63)
    whole = said_before(undisturbed(), 2**63)
    assert cut == whole[: len(cut)]


def test_a_perturbed_market_leads_to_other_decisions_in_the_end() -> None:
    records, source = market()
    ts = times_of(records)[TICKS_USED // 2]
    changed = tuple(perturbed(record, ts, PERTURBATIONS["mirrored"]) for record in records)
    before, after = undisturbed(), run_on(changed, source)
    assert said_before(before, 2**63) != said_before(after, 2**63)
    kinds = [event.kind for step in before for event in step.events if event.ts < ts]
    assert kinds.count("order.filled") > 10
