"""What a finished backtest came to, as it is printed, kept beside its journal and compared."""

from pathlib import Path

import msgspec

from runtime.files import write_whole
from runtime.outcome import Outcome
from runtime.recording import Recording
from runtime.wired import Backtest
from schemas.errors import UserError


class BacktestResult(msgspec.Struct, frozen=True, kw_only=True):
    """The summary of a run.

    Attributes:
        withheld: signals that a rule stopped before they became orders.
        rows_refused: rows of the files that were recorded as refused, and not traded on.
        pnl: profit in ``currency``; this and the ratios after it: see ``Outcome``.
        ingest_s: reading and parsing files. elapsed_s: from the market log's first record to the
            last acknowledged row in ClickHouse; ticks_per_s is over that.
        recovered_steps: what an interrupted attempt had left.
    """

    run: str
    strategy: str
    instruments: tuple[str, ...]
    currency: str
    ticks: int
    bars: int
    signals: int
    orders: int
    vetoes: int
    fills: int
    withheld: int = 0
    rows_refused: int = 0
    pnl: float
    max_drawdown: float
    sharpe: float | None
    profit_factor: float | None
    win_rate: float | None
    decision_hash: str
    ingest_s: float
    elapsed_s: float
    ticks_per_s: float
    recovered_steps: int = 0


def write_result(path: Path, result: BacktestResult) -> None:
    """Keep a result; a crash leaves the old file or the new one."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(result)))


def read_result(path: Path) -> BacktestResult:
    """The result of a finished run.

    Raises:
        UserError: there is none yet, or another version wrote it.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=BacktestResult)
    except FileNotFoundError:
        raise UserError(
            f"run {path.parent.name}: it is not finished; run it again to go on"
        ) from None
    except msgspec.MsgspecError as error:
        raise UserError(f"{path}: {error}") from error


def summed_up(
    backtest: Backtest,
    recording: Recording,
    outcome: Outcome,
    *,
    refused: int,
    ingest_s: float,
    elapsed_s: float,
) -> BacktestResult:
    """The summary of what was recorded and what it came to.

    Args:
        refused: rows of the files that are not in the market.
        ingest_s, elapsed_s: see ``BacktestResult``.
    """
    counts = outcome.counts
    return BacktestResult(
        run=backtest.run,
        strategy=", ".join(each.use for each in backtest.spec.config.strategies),
        instruments=tuple(known.instrument.id for known in backtest.instruments),
        currency=backtest.account.currency,
        ticks=recording.rows,
        bars=counts["bars"],
        signals=counts["signals"],
        orders=counts["orders"],
        vetoes=counts["vetoes"],
        withheld=counts["withheld"],
        rows_refused=refused,
        fills=counts["fills"],
        pnl=outcome.pnl,
        max_drawdown=outcome.max_drawdown,
        sharpe=outcome.sharpe,
        profit_factor=outcome.profit_factor,
        win_rate=outcome.win_rate,
        decision_hash=outcome.decision_hash,
        ingest_s=ingest_s,
        elapsed_s=elapsed_s,
        ticks_per_s=recording.rows / elapsed_s,
        recovered_steps=recording.recovered,
    )
