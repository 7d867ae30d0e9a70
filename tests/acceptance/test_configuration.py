"""Configuration files: several strategies, venues and instruments, and what is wrong by field."""

from pathlib import Path

import pytest

from tests.acceptance.audit import check_journal
from tests.acceptance.program import SAMPLES, SHARED, TICKS, Answer, Wakeline

LEAN = SAMPLES / "lean"

ONE_DAY = f"""
[[data]]
paths = ["{TICKS}"]
instruments = ["EUR/USD"]
venue = "FXCM"

[[strategies]]
use = "ema_cross"
"""

TWO_VENUES = f"""
currency = "USD"

[[data]]
paths = ["{LEAN}/forex/oanda/minute/eurusd", "{LEAN}/cfd/oanda/minute/xauusd"]

[[data]]
paths = ["{LEAN}/forex/fxcm/minute/eurusd"]

[[strategies]]
use = "ema_cross"
name = "fast"
instruments = ["EUR/USD.OANDA", "EUR/USD.FXCM"]
parameters = {{ fast = 3, slow = 9 }}

[[strategies]]
use = "ema_cross"
name = "slow"
instruments = ["XAU/USD.OANDA"]
parameters = {{ fast = 5, slow = 15 }}

[[strategies]]
use = "donchian_breakout"
parameters = {{ period = 20 }}

[[venues]]
name = "OANDA"
starting_balances = {{ USD = 500_000 }}
leverage = 20
latency = {{ base_ns = 20_000_000 }}

[[venues]]
name = "FXCM"
starting_balances = {{ USD = 500_000 }}
leverage = 30
fees = {{ taker = "0.00002", maker = "0.00002" }}
"""


def backtest(program: Wakeline, folder: Path, text: str) -> Answer:
    (folder / "run.toml").write_text(text)
    return program.ask("backtest", str(folder / "run.toml"))


def test_runs_three_strategies_on_three_instruments_at_two_venues(
    wakeline: Wakeline, tmp_path: Path
) -> None:
    answer = backtest(wakeline, tmp_path, TWO_VENUES)
    assert answer["instruments"] == ["EUR/USD.OANDA", "XAU/USD.OANDA", "EUR/USD.FXCM"]
    run = str(answer["run"])
    steps = check_journal(wakeline, run)
    authors = {event.author for step in steps for event in step.events}
    assert {"strategy.fast", "strategy.slow", "strategy.donchian_breakout"} <= authors
    traded = wakeline.ask("sql", "SELECT DISTINCT instrument FROM fills ORDER BY instrument")
    assert traded["rows"] == [["EUR/USD.FXCM"], ["EUR/USD.OANDA"], ["XAU/USD.OANDA"]]


def test_paths_are_taken_from_the_configurations_folder(wakeline: Wakeline, tmp_path: Path) -> None:
    (tmp_path / "ticks").symlink_to(TICKS.parents[4])
    (tmp_path / "mine.py").write_text(
        "from actors.strategies.ema_cross import EmaCross\n\n\nclass Mine(EmaCross):\n    pass\n"
    )
    text = ONE_DAY.replace(str(TICKS), f"ticks/{TICKS.relative_to(TICKS.parents[4])}")
    (tmp_path / "run.toml").write_text(text.replace("ema_cross", "mine.py:Mine"))
    answer = wakeline.ask("backtest", str(tmp_path / "run.toml"), cwd=Path("/"))
    assert answer["ticks"] == 47_062
    replayed = wakeline.ask("replay", str(answer["run"]), "--verify", cwd=Path("/"))
    assert replayed["identical"]


def test_a_span_of_market_time_is_all_that_is_consumed(wakeline: Wakeline, tmp_path: Path) -> None:
    span = "start = 2014-05-01T12:00:00Z\nend = 2014-05-01T13:00:00Z\n"
    answer = backtest(wakeline, tmp_path, span + ONE_DAY)
    ticks = answer["ticks"]
    assert isinstance(ticks, int)
    assert 0 < ticks < 47_062
    run = str(answer["run"])
    steps = check_journal(wakeline, run)
    slices = [part for step in steps for part in step.slices]
    assert sum(part.to_seq - part.from_seq + 1 for part in slices) >= ticks


def test_a_cash_account_sells_only_what_it_has(wakeline: Wakeline, tmp_path: Path) -> None:
    day = f"""
        [[data]]
        paths = ["{LEAN}/equity/usa/minute/spy"]
        [[strategies]]
        use = "ema_cross"
        [sizing]
        value = 10
        [[venues]]
        name = "USA"
        account_type = "cash"
        starting_balances = {{ USD = 10_000 }}
    """
    answer = backtest(wakeline, tmp_path, day)
    positions = wakeline.ask("sql", "SELECT min(quantity), max(quantity) FROM positions")["rows"]
    assert isinstance(positions, list)
    lowest, highest = map(float, positions[0])
    assert lowest >= 0 < highest
    assert answer["instruments"] == ["SPY.USA"]


@pytest.mark.skipif(not SHARED.exists(), reason="shared data not present")
def test_runs_on_ticks_of_two_venues_and_of_gold(wakeline: Wakeline, tmp_path: Path) -> None:
    lean = SHARED / "lean"
    day = f"""
        start = 2014-05-07T12:00:00Z
        end = 2014-05-07T13:00:00Z
        [[data]]
        paths = [
            "{lean}/forex/fxcm/tick/eurusd/20140507_quote.zip",
            "{lean}/forex/oanda/tick/eurusd/20140507_quote.zip",
            "{lean}/cfd/oanda/tick/xauusd/20140507_quote.zip",
        ]
        [[strategies]]
        use = "ema_cross"
    """
    answer = backtest(wakeline, tmp_path, day)
    assert answer["instruments"] == ["EUR/USD.FXCM", "EUR/USD.OANDA", "XAU/USD.OANDA"]
    assert answer["bars"] == 3 * 59, "the last minute stays open"
    steps = check_journal(wakeline, str(answer["run"]))
    check_tables_of_a_part(wakeline, str(answer["run"]), len(steps))


def check_tables_of_a_part(program: Wakeline, run: str, steps: int) -> None:
    rows = program.ask("sql", f"SELECT uniqExact(seq) FROM events WHERE run = '{run}'")["rows"]
    assert rows == [[steps]]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("[[strategies]]", "[[strategies]]\nspeed = 3", ("unknown field `speed`", "strategies[0]")),
        ("[[data]]\npaths", "[[data]]\npath", ("unknown field `path`", "data[0]")),
        ("[[data]]", "valuation_every_ms = 'x'\n[[data]]", ("`int`", "valuation_every_ms")),
        ("[[data]]", "starting_balance = -5\n[[data]]", ("`starting_balance`", "above zero")),
        ("[[data]]", "[risk]\nmax_orders = 'many'\n[[data]]", ("`int | null`", "risk.max_orders")),
        ("[[data]]", "[risk]\nmax_drawdown = 10\n[[data]]", ("`max_drawdown`", "$.risk")),
        ("[[data]]", "[risk]\nmax_orders = -1\n[[data]]", ("`max_orders`", "$.risk")),
        ("[[data]]", "[sizing]\nvalue = 0\n[[data]]", ("`value`", "$.sizing")),
        (
            "[[data]]",
            "[[venues]]\nname = 'FXCM'\nstarting_balances = {USD = 1}\nleverage = 0\n[[data]]",
            ("`leverage`", "$.venues[0]"),
        ),
        ("ema_cross", "ema_crss", ("'ema_crss'", "did you mean ema_cross")),
        ("ema_cross", "nowhere.py:Mine", ("nowhere.py", "No such file")),
        ('"EUR/USD"', '"USD/JPY"', ("holds eurusd, not USD/JPY",)),
        (
            'use = "ema_cross"',
            'use = "ema_cross"\nparameters = {fats = 3}',
            ("no parameter 'fats'", "did you mean fast"),
        ),
        (
            'use = "ema_cross"',
            'use = "ema_cross"\nparameters = {fast = 900}',
            ("fast=900", "<= 500"),
        ),
        (
            'use = "ema_cross"',
            'use = "ema_cross"\n[[strategies]]\nuse = "ema_cross"',
            ("two strategies are called 'ema_cross'",),
        ),
        (
            'use = "ema_cross"',
            'use = "ema_cross"\ninstruments = ["EUR/USD.OANDA"]',
            ("no data for 'EUR/USD.OANDA'", "EUR/USD.FXCM"),
        ),
        (
            'use = "ema_cross"',
            'use = "ema_cross"\nparameters = {price_type = "last"}',
            ("last price of EUR/USD.FXCM", "market.quotes"),
        ),
        (
            'use = "ema_cross"',
            'use = "ema_cross"\nparameters = {interval = "1x"}',
            ("interval '1x'",),
        ),
        ('use = "ema_cross"', 'use = "ema_cross"\n[[venues]]\nname = 3', ("venues[0]",)),
        ("[[data]]", "[[data]", ("run.toml", "line 2")),
    ],
)
def test_what_a_configuration_gets_wrong_is_named(
    wakeline: Wakeline, tmp_path: Path, old: str, new: str, complaint: tuple[str, ...]
) -> None:
    (tmp_path / "run.toml").write_text(ONE_DAY.replace(old, new, 1))
    said = wakeline.run("backtest", str(tmp_path / "run.toml")).complaint
    assert all(part in said for part in complaint), said


def test_a_span_without_data_is_refused_with_the_span_that_there_is(
    wakeline: Wakeline, tmp_path: Path
) -> None:
    (tmp_path / "run.toml").write_text(f"start = 2019-01-01T00:00:00Z\n{ONE_DAY}")
    said = wakeline.run("backtest", str(tmp_path / "run.toml")).complaint
    assert "the data is from 2014-05-01T05:00:01Z to 2014-05-02T04:59:47Z" in said


def test_a_venue_that_no_data_is_from_is_refused(wakeline: Wakeline, tmp_path: Path) -> None:
    typo = '[[venues]]\nname = "FXMC"\nstarting_balances = { USD = 1000 }\n'
    (tmp_path / "run.toml").write_text(f"{ONE_DAY}\n{typo}")
    said = wakeline.run("backtest", str(tmp_path / "run.toml")).complaint
    assert "venue 'FXMC': the data trades nowhere but at FXCM" in said
