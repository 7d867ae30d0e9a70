"""What a cell says about itself, as inputs to itself."""

from actors.kit.inputs import Input, recorded
from actors.kit.sequencer import Identity
from events.journal import Head
from schemas.cell import CellLive, CellStarted, CellStopped
from schemas.envelope import Step
from schemas.identity import event_id
from schemas.quantities import Nanoseconds

AUTHOR = "cell"


def lifecycle_input(
    identity: Identity, epoch: int, ts: Nanoseconds, payload: CellStarted | CellLive | CellStopped
) -> Input:
    """The input that says it; one a kind and epoch."""
    name = event_id(AUTHOR, f"{identity.cell}/{identity.run}/{epoch}/{payload.KIND}", 0)
    return Input(id=name, author=AUTHOR, cause=name, correlation=name, ts=ts, payload=payload)


def lifecycle_step(
    identity: Identity, head: Head, epoch: int, given: Input, ts_recorded: Nanoseconds
) -> Step:
    """A step that records it without asking a decider: what happens while a cell retraces."""
    return Step(
        cell=identity.cell,
        run=identity.run,
        seq=head.next_seq,
        epoch=epoch,
        prev_hash=head.prev_hash,
        ts=given.ts,
        ts_recorded=ts_recorded,
        slices=(),
        input=recorded(given, given.ts, ts_recorded),
        outputs=(),
    )
