"""What a run's journal says about the run itself, read from its first and its last step."""

import msgspec

from events.codecs.json import decode_step
from events.journal import Journal
from runtime.backends import journal_of
from runtime.home import HomeError, RunDirectory
from schemas.cell import CellStarted, CellStopped
from schemas.envelope import Step
from schemas.quantities import Nanoseconds


class RunFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What a finished run came to; a part of its result file."""

    strategy: str
    currency: str
    fills: int
    vetoes: int
    pnl: float
    max_drawdown: float
    sharpe: float | None


class RunSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One run at a glance.

    Attributes:
        state: ``finished``, another reason why the cell stopped, or ``unfinished``.
        first_ts, last_ts: market time of the first and the last step; ``None`` while the journal
            knows of none.
        recorded: when the first step was recorded.
        figures: once it is finished.
    """

    run: str
    state: str
    steps: int
    first_ts: Nanoseconds | None
    last_ts: Nanoseconds | None
    recorded: Nanoseconds | None
    code_hash: str
    config_hash: str
    version: str
    has_report: bool
    figures: RunFigures | None


def summary_of(directory: RunDirectory) -> RunSummary:
    """The summary of the run in ``directory``."""
    journal = journal_of(directory)
    end = journal.end()
    first = step_at(journal, 0) if end else None
    last = step_at(journal, end - 1) if end else None
    started = first.input.payload if first else None
    known = started if isinstance(started, CellStarted) else None
    return RunSummary(
        run=directory.run,
        state=_state(last),
        steps=end,
        first_ts=(first.ts or None) if first else None,
        last_ts=(last.ts or None) if last else None,
        recorded=first.ts_recorded if first else None,
        code_hash=known.code_hash if known else "",
        config_hash=known.config_hash if known else "",
        version=known.version if known else "",
        has_report=directory.report.exists(),
        figures=figures_of(directory),
    )


def step_at(journal: Journal, seq: int) -> Step:
    """The durable step of that number, which must be there."""
    return decode_step(next(iter(journal.records(seq))).body)


def figures_of(directory: RunDirectory) -> RunFigures | None:
    """What the run came to; nothing until it is finished.

    Raises:
        HomeError: its result file does not decode.
    """
    if not directory.result.exists():
        return None
    try:
        return msgspec.json.decode(directory.result.read_bytes(), type=RunFigures)
    except msgspec.MsgspecError as error:
        raise HomeError(f"{directory.result}: {error}") from error


def _state(last: Step | None) -> str:
    stopped = last.input.payload if last else None
    return stopped.reason if isinstance(stopped, CellStopped) else "unfinished"
