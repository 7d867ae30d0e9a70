"""``wakeline backtest``: from files to an audited run."""

from typing import TYPE_CHECKING, Final

from runtime.cli import backtest_options as option
from runtime.cli.options import DEFAULT_HOME, HomeOption, JournalOption, JsonOption, OnBadRows
from runtime.cli.output import progress, tell

if TYPE_CHECKING:
    from rich.console import Console

    from runtime.results import BacktestResult

EXAMPLE: Final = (
    "wakeline backtest --data ticks/ --instrument EUR/USD --venue FXCM"
    " --strategy ema_cross --param fast=20 --param slow=60"
)


def backtest(
    config: option.Config = None,
    data: option.Data = None,
    instrument: option.Instruments = None,
    venue: option.Venue = "",
    data_format: option.Format = "auto",
    strategy: option.StrategyName = None,
    param: option.Parameters = None,
    size: option.Size = None,
    balance: option.Balance = None,
    on_bad_rows: OnBadRows = "fail",
    from_clickhouse: option.FromClickHouse = False,
    trace: option.Trace = False,
    new: option.New = False,
    journal: JournalOption = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Run a strategy over recorded markets; the same command goes on with an unfinished run."""
    from msgspec.structs import replace

    from runtime.backends import journal_config
    from runtime.backtesting import run_backtest
    from runtime.cli.asked import Asked, config_of
    from runtime.cli.watching import watched
    from runtime.home import Home

    asked = Asked(
        paths=tuple(config or ()),
        data=tuple(data or ()),
        instruments=tuple(instrument or ()),
        venue=venue,
        data_format=data_format,
        strategy=strategy,
        parameters=tuple(param or ()),
        size=size,
        balance=balance,
        on_bad_rows=on_bad_rows,
        trace=trace,
    )
    place, configured = Home.create(home), config_of(asked)
    if journal is not None:
        configured = replace(configured, journal=journal_config(journal, place))
    with watched(progress()) as watcher:
        result = run_backtest(place, configured, watcher, new=new, from_clickhouse=from_clickhouse)
    tell(result, as_json=as_json, show=lambda console: show(console, result))


def show(console: "Console", result: "BacktestResult") -> None:
    """A result for people."""
    from rich.table import Table

    table = Table(box=None, show_header=False)
    for name, value in _lines(result):
        table.add_row(f"[dim]{name}[/dim]", value)
    console.print(table)


def _lines(result: "BacktestResult") -> list[tuple[str, str]]:
    resumed = f", {result.recovered_steps:,} steps recovered" if result.recovered_steps else ""
    decisions = (
        f"{result.signals:,} signals, {result.withheld:,} withheld, {result.orders:,} orders, "
        f"{result.vetoes:,} vetoed, {result.fills:,} fills"
    )
    quality = (
        f"Sharpe {_number(result.sharpe, '.2f')}, "
        f"profit factor {_number(result.profit_factor, '.2f')}, "
        f"won {_number(result.win_rate, '.0%')}"
    )
    profit = f"[bold]{result.pnl:,.2f} {result.currency}[/bold]"
    speed = f"{result.ticks_per_s:,.0f} ticks/s over {result.elapsed_s:.2f} s"
    return [
        ("run", f"[bold]{result.run}[/bold]{resumed}"),
        ("market", f"{result.ticks:,} rows, {result.rows_refused:,} refused, {result.bars:,} bars"),
        ("decisions", decisions),
        ("profit", f"{profit}, drawdown {result.max_drawdown:.2%}"),
        ("quality", quality),
        ("decision hash", result.decision_hash),
        ("speed", f"{speed} (and {result.ingest_s:.2f} s reading files)"),
    ]


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)
