"""What a run came to: figures as folds of its steps, kept and read back."""

from decimal import Decimal
from math import sqrt
from pathlib import Path
from statistics import mean, stdev

import msgspec
import pytest

from events.backends.memory.journal import MemoryJournal
from runtime.comparing import compare_runs
from runtime.home import Home
from runtime.outcome import Reckoning
from runtime.results import BacktestResult, read_result, summed_up, write_result
from schemas.errors import UserError
from schemas.quantities import SECOND_NS
from tests.runtime.test_recording import backtest, outcome, recorded

RESULT = BacktestResult(
    run="ema-cross-1",
    strategy="ema_cross",
    instruments=("EUR/USD.FXCM",),
    currency="USD",
    ticks=10,
    bars=2,
    signals=1,
    orders=1,
    vetoes=0,
    fills=1,
    pnl=-1.5,
    max_drawdown=0.25,
    sharpe=None,
    profit_factor=None,
    win_rate=0.0,
    decision_hash="00",
    ingest_s=0.5,
    elapsed_s=2.0,
    ticks_per_s=5.0,
)


def test_a_result_is_read_back(tmp_path: Path) -> None:
    write_result(tmp_path / "result.json", RESULT)
    assert read_result(tmp_path / "result.json") == RESULT


def test_an_unfinished_run_has_no_result(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=f"run {tmp_path.name}: it is not finished"):
        read_result(tmp_path / "result.json")


def test_a_damaged_result_is_named(tmp_path: Path) -> None:
    (tmp_path / "result.json").write_bytes(b'{"run": 3}')
    with pytest.raises(UserError, match=r"result\.json: Expected `str`, got `int`"):
        read_result(tmp_path / "result.json")


def test_figures_agree_with_the_journals_own_valuations() -> None:
    journal = MemoryJournal()
    recording, found = recorded(journal), outcome(journal)
    result = summed_up(backtest(), recording, found, refused=7, ingest_s=0.5, elapsed_s=4.0)
    values = [
        event["payload"]
        for stored in journal.records()
        for event in msgspec.json.decode(stored.body)["outputs"]
        if event["kind"] == "portfolio.valued"
    ]
    change = Decimal(values[-1]["equity"]) - Decimal(values[0]["equity"])
    assert result.pnl == pytest.approx(float(change), abs=1e-6)
    assert result.max_drawdown == max(value["drawdown"] for value in values) > 0
    assert (result.ticks, result.ticks_per_s, result.rows_refused) == (500, 125.0, 7)
    assert result.sharpe is None, "within one day there is no daily return"


def test_one_run_cannot_be_compared(home: Home) -> None:
    with pytest.raises(UserError, match="name two runs or more"):
        compare_runs([home.run_dir("only")])


def test_the_sharpe_ratio_is_of_the_days_last_values_annualised_by_the_days_there_are() -> None:
    reckoning = Reckoning()
    for day, equity in enumerate((100.0, 110.0, 99.0, 108.9)):
        for hour, value in ((9, 1.0), (17, equity)):
            reckoning.tally.times.append((day * 24 + hour) * 3_600 * SECOND_NS)
            reckoning.tally.equity.append(value)
    daily = (0.1, -0.1, 0.1)
    assert reckoning.outcome().sharpe == pytest.approx(mean(daily) / stdev(daily) * sqrt(365.25))
