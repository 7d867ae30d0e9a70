"""Every rule that risk held against an order, passed or not."""

from collections.abc import Iterator
from typing import Final

from projections.tables.column import flag, term, text, time, whole
from projections.tables.event_table import KEY, StepTable, Values
from projections.tables.table import Table
from schemas.envelope import Step
from schemas.order import OrderApproved, OrderVetoed


def _rows(step: Step) -> Iterator[Values]:
    for idx, event in enumerate(step.events):
        match event.payload:
            case OrderApproved(ticket=ticket, checks=checks):
                outcomes = [(check, True) for check in checks]
            case OrderVetoed(ticket=ticket, checks=checks, failed=failed):
                outcomes = [*((check, True) for check in checks), (failed, False)]
            case _:
                continue
        order = (ticket.client_order_id, ticket.strategy, ticket.instrument)
        for ordinal, (check, passed) in enumerate(outcomes):
            verdict = (check.rule, check.limit, check.value, passed)
            yield (step.run, step.seq, idx, ordinal, event.id, event.ts, *order, *verdict)


CHECKS: Final = StepTable(
    Table(
        name="checks",
        columns=(
            term("run"),
            whole("seq"),
            whole("idx"),
            whole("ordinal"),
            text("id"),
            time("ts_event"),
            text("client_order_id"),
            term("strategy"),
            term("instrument"),
            term("rule"),
            text("limit"),
            text("value"),
            flag("passed"),
        ),
        key=(*KEY, "ordinal"),
    ),
    _rows,
)
"""``id`` is that of the approval or veto; a veto's last check is the one that failed."""
