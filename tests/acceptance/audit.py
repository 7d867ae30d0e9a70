"""Whether a run's journal is whole, and ClickHouse says what the logs say and no more."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pyarrow.compute as pc

from events.batches import BatchKind
from events.chain import verify_chain
from events.codecs.json import decode_step
from events.decisions import DecisionHash
from events.market_log import MarketLog
from runtime.backends import backend_of, journal_of
from runtime.home import Home
from schemas.cell import CellStarted, CellStopped
from schemas.envelope import AnyEvent, Step
from schemas.order import OrderFilled, OrderRequested
from tests.acceptance.program import Wakeline


def steps_of(program: Wakeline, run: str) -> list[Step]:
    """A run's steps."""
    journal = journal_of(Home.existing(program.home).run_dir(run))
    return [decode_step(record.body) for record in journal.records()]


def decision_hash_of(steps: list[Step]) -> str:
    """The hash, folded anew from the journal."""
    decisions = DecisionHash()
    for step in steps:
        decisions.update(step)
    return decisions.hexdigest()


def check_journal(program: Wakeline, run: str) -> list[Step]:
    """Nothing lost, nothing doubled; the steps come back."""
    journal = journal_of(Home.existing(program.home).run_dir(run))
    assert verify_chain(journal.records()) is None
    steps = steps_of(program, run)
    assert isinstance(steps[0].input.payload, CellStarted)
    assert isinstance(steps[-1].input.payload, CellStopped)
    _check_once(event.id for step in steps for event in step.events)
    _check_once(key for step in steps for event in step.events for key in _business_keys(event))
    _check_slices(steps)
    return steps


def check_tables(program: Wakeline, run: str, steps: list[Step]) -> None:
    """Every event of a run over whole sources is in ClickHouse once, and every row of these."""
    rows = program.ask("sql", f"SELECT seq, idx, kind, id FROM events WHERE run = '{run}'")["rows"]
    assert isinstance(rows, list)
    assert sorted(map(tuple, rows)) == [
        (step.seq, index, event.kind, event.id)
        for step in steps
        for index, event in enumerate(step.events)
    ]
    log = backend_of(Home.existing(program.home).run_dir(run)).market_log()
    for source in sorted({part.source for step in steps for part in step.slices}):
        _check_consumed(log, source, steps)
        _check_source(program, log, source)


def _check_source(program: Wakeline, log: MarketLog, source: str) -> None:
    """ClickHouse has every quote and every fact of a source once, with its values."""
    quotes = program.ask(
        "sql",
        "SELECT count(), uniqExact(seq), min(seq), max(seq), toString(sum(bid)), toString(sum(ask))"
        f" FROM quotes WHERE source = '{source}'",
    )["rows"]
    facts = program.ask(
        "sql",
        f"SELECT kind, count(), uniqExact(seq) FROM events WHERE author = '{source}'"
        " AND run = '' GROUP BY kind ORDER BY kind",
    )["rows"]
    assert (quotes, facts) == ([_quotes_in(log, source)], _facts_in(log, source))


def _quotes_in(log: MarketLog, source: str) -> list[object]:
    records = [r for r in log.read(source) if r.kind is BatchKind.QUOTES]
    sums = [
        sum(
            (
                Decimal(pc.sum(r.batch[side]).as_py()).scaleb(-r.terms.price_precision)
                for r in records
            ),
            Decimal(0),
        )
        for side in ("bid", "ask")
    ]
    rows = sum(r.rows for r in records)
    return [
        rows,
        rows,
        records[0].first,
        records[-1].last,
        *(str(each.normalize()) for each in sums),
    ]


def _facts_in(log: MarketLog, source: str) -> list[list[object]]:
    kinds = Counter[str]()
    for record in log.read(source):
        if record.kind is BatchKind.FACTS:
            kinds.update(record.batch["kind"].to_pylist())
    return [[kind, count, count] for kind, count in sorted(kinds.items())]


def _check_once(keys: Iterator[object]) -> None:
    repeated = {key: count for key, count in Counter(keys).items() if count > 1}
    assert not repeated


def _business_keys(event: AnyEvent) -> Iterator[object]:
    match event.payload:
        case OrderRequested() as requested:
            yield requested.ticket.client_order_id
        case OrderFilled() as filled:
            yield filled.instrument, filled.trade_id


def _check_slices(steps: list[Step]) -> None:
    """Of every source each row from the first to the last that was consumed is in one slice."""
    reached: dict[str, int] = {}
    for part in (part for step in steps for part in step.slices):
        assert part.from_seq == reached.get(part.source, part.from_seq)
        reached[part.source] = part.to_seq + 1


def _check_consumed(log: MarketLog, source: str, steps: list[Step]) -> None:
    """A run over a whole source has consumed all but the facts around its data."""
    slices = [part for step in steps for part in step.slices if part.source == source]
    data = [record for record in log.read(source) if record.kind is not BatchKind.FACTS]
    assert (slices[0].from_seq, slices[-1].to_seq) == (data[0].first, data[-1].last)
