"""What must hold when a world has come to rest. They know the journal and the exchange, no plan."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from actors.kit.deliberation import Deliberation
from actors.kit.inputs import input_of
from actors.kit.retracing import Diverged, Retracing
from actors.kit.sequencer import Identity, Sequencer
from actors.kit.shapes import Decider, Folded
from events.backends.memory.journal import MemoryJournal
from events.codecs.json import decode_step, digest
from events.decisions import DecisionHash
from events.journal import Journal
from events.market_log import MarketLog
from projections.rows import rows_of_market, rows_of_steps
from projections.tables.catalogue import TABLES
from runtime.hosts.simulated.exchange import Exchange
from runtime.hosts.simulated.reports import AUTHOR, as_report
from runtime.hosts.simulated.store import SimulatedStore, as_rows
from runtime.hosts.simulated.violation import Violation
from runtime.hosts.simulated.workload import SOURCE
from schemas.envelope import GENESIS, Slice, Step
from schemas.order import OrderApproved, OrderCancelled
from schemas.position import PositionChanged
from schemas.quantities import Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is left of a world.

    Attributes:
        deciders: makes fresh ones; living: those of the last runner.
    """

    identity: Identity
    journal: Journal
    exchange: Exchange
    store: SimulatedStore
    market: MarketLog
    deciders: Callable[[], Sequence[Decider]]
    living: Sequence[Decider]


def check(evidence: Evidence) -> None:
    """Hold a world to its promises.

    Raises:
        Violation: the first that was broken.
    """
    steps = [decode_step(record.body) for record in evidence.journal.records()]
    check_chain(evidence.journal)
    check_slices(steps, evidence.market.end(SOURCE))
    check_orders(steps, evidence.exchange)
    check_answers(steps, evidence.exchange)
    check_positions(steps, evidence.exchange)
    check_decisions(steps, evidence)
    check_rows(steps, evidence)


def decision_hash(journal: Journal) -> str:
    """The decision hash of everything durable."""
    running = DecisionHash()
    for record in journal.records():
        running.update(decode_step(record.body))
    return running.hexdigest()


def check_chain(journal: Journal) -> None:
    """Numbers are gapless, epochs never fall, and every step names the bytes before it."""
    before, epoch = GENESIS, 0
    for number, record in enumerate(journal.records()):
        step = decode_step(record.body)
        if (step.seq, step.prev_hash) != (number, before) or step.epoch < epoch:
            raise Violation("an unbroken chain", f"step {step.seq} does not follow the one before")
        before, epoch = digest(record.body), step.epoch


def check_slices(steps: Sequence[Step], market_end: int) -> None:
    """Every row of the market log is referred to once, in order."""
    due = 0
    for part in (part for step in steps for part in step.slices):
        if part.from_seq != due:
            raise Violation("every row once", f"{part} where row {due} was due")
        due = part.to_seq + 1
    if due != market_end:
        raise Violation("every row once", f"the journal refers to {due} of {market_end} rows")


def check_orders(steps: Sequence[Step], exchange: Exchange) -> None:
    """What was approved reached the exchange, once, and came to an end; nothing else did.

    Or its gateway said that it would not be sent, and it was not.
    """
    approved = Counter(
        event.payload.ticket.client_order_id
        for step in steps
        for event in step.outputs
        if isinstance(event.payload, OrderApproved)
    )
    unsent = _unsent(steps)
    for name, count in approved.items():
        if count != 1:
            raise Violation("no order twice", f"{name} was approved {count} times")
        if (name in exchange.orders) == (name in unsent):
            raise Violation("no order lost", f"{name} was sent, and not to be, or neither")
        if name in exchange.orders and (order := exchange.orders[name]).status == "accepted":
            raise Violation("no order lost", f"{name} still works, with {order.filled} filled")
    if stray := set(exchange.orders) - set(approved):
        raise Violation("acts only on what is durable", f"nobody approved {sorted(stray)}")


def _unsent(steps: Sequence[Step]) -> set[str]:
    """Orders of which a gateway said that they were withdrawn before they were sent."""
    return {
        step.input.payload.client_order_id
        for step in steps
        if isinstance(step.input.payload, OrderCancelled) and step.input.author != AUTHOR
    }


def check_answers(steps: Sequence[Step], exchange: Exchange) -> None:
    """What the journal has from the exchange is all that it said, each once, trades above all."""
    inputs = [step.input for step in steps if step.input.author == AUTHOR]
    answers = {event.id: event.payload for event in inputs}
    heard = Counter(event.id for event in inputs)
    said = {report.id: report.answer for report in map(as_report, exchange.history)}
    due = Counter(said.keys())
    if heard != due:
        raise Violation(
            "every answer once",
            f"missing {sorted((due - heard).elements())}, "
            f"too many {sorted((heard - due).elements())}",
        )
    if different := [name for name, payload in said.items() if answers[name] != payload]:
        raise Violation("every answer once", f"{different[0]} was recorded differently")


def check_positions(steps: Sequence[Step], exchange: Exchange) -> None:
    """What the deciders say is held is the sum of the exchange's trades."""
    sums: dict[str, Decimal] = {}
    for trade in exchange.trades:
        name, signed = trade.ticket.instrument, trade.quantity * trade.ticket.side.sign
        sums[name] = sums.get(name, Decimal(0)) + signed
    held: dict[str, Decimal] = {}
    for event in (event for step in steps for event in step.outputs):
        if isinstance(event.payload, PositionChanged):
            held[event.payload.instrument] = event.payload.quantity
    if held != sums:
        raise Violation("position is the sum of trades", f"held {held}, traded {sums}")


def check_decisions(steps: Sequence[Step], evidence: Evidence) -> None:
    """Fresh deciders, shown the recorded inputs, decide the same and end in the same state."""
    if not steps:
        return
    fresh = evidence.deciders()
    recorded = Retracing(iter(steps), MemoryJournal().open(), caught_up=lambda: None)
    sequencer = Sequencer(
        evidence.identity, Deliberation(fresh), recorded, epoch=1, recording_clock=lambda: 0
    )
    for step in steps:
        try:
            again = sequencer.take(input_of(step.input), partial(_recorded, step), step.origin)
        except Diverged as difference:
            raise Violation("the same decisions again", str(difference)) from difference
        if again is None:
            raise Violation("no input twice", f"step {step.seq} took {step.input.id} again")
    for live, replayed in zip(evidence.living, fresh, strict=True):
        if _state(live) != _state(replayed):
            raise Violation(
                "recovery restores the state",
                f"{live.author} is in {_state(live)}, and was in {_state(replayed)}",
            )


def check_rows(steps: Sequence[Step], evidence: Evidence) -> None:
    """The store's rows are those of the logs, each once when what has equal keys is merged."""
    due = rows_of_steps(steps) | rows_of_market(evidence.market.read(SOURCE))
    for table in TABLES.values():
        found = evidence.store.final(table.stored, table.key)
        expected = as_rows(due[table.stored]) if table.stored in due else []
        wanted = {tuple(row[name] for name in table.key): row for row in expected}
        if len(wanted) != len(expected) or found != wanted:
            raise Violation(
                "rows equal the logs",
                f"{table.name} has {len(found)} rows, and the logs have {len(expected)}",
            )


def _recorded(step: Step, _: Nanoseconds) -> tuple[Slice, ...]:
    return step.slices


def _state(decider: Decider) -> object:
    assert isinstance(decider, Folded)
    state: object = decider.state
    return state
