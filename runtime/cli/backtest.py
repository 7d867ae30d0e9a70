"""``wakeline backtest``: from files to an audited run."""

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import progress, tell
from schemas.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console

    from runtime.config import BacktestConfig
    from runtime.results import BacktestResult

EXAMPLE: Final = (
    "wakeline backtest --data ticks/ --instrument EUR/USD --venue FXCM"
    " --strategy ema_cross --param fast=20 --param slow=60"
)


def backtest(
    config: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[CONFIG.toml]", help="A configuration; with --data, more data paths."
        ),
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH...", help="Files or directories of ticks or bars; repeatable."),
    ] = None,
    instrument: Annotated[
        list[str] | None,
        typer.Option(metavar="SYMBOL", help="What they are of, such as EUR/USD; repeatable."),
    ] = None,
    venue: Annotated[
        str | None, typer.Option(metavar="VENUE", help="Where they are from, such as FXCM.")
    ] = None,
    data_format: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="How they are written.")
    ] = "auto",
    strategy: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE:CLASS", help="A built-in strategy, or one of your own."),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="K=V", help="A parameter of the strategy; repeatable."),
    ] = None,
    size: Annotated[
        str | None, typer.Option(metavar="UNITS", help="Units of an order; 1000 by default.")
    ] = None,
    balance: Annotated[
        str | None,
        typer.Option(metavar="AMOUNT", help="Cash at the start; 1,000,000 by default."),
    ] = None,
    new: Annotated[
        bool, typer.Option("--new", help="Start another run, even if one is unfinished.")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Run a strategy over recorded markets; the same command goes on with an unfinished run."""
    from runtime.backtesting import run_backtest
    from runtime.cli.watching import watched
    from runtime.home import Home

    if data:
        given = _from_options(
            [*data, *(config or [])], instrument or [], venue, data_format, strategy, param or []
        )
        given = _with_amounts(given, size, balance)
    else:
        given = _from_file(config or [])
    with watched(progress()) as watcher:
        result = run_backtest(Home.create(home), given, watcher, new=new)
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
        f"{result.signals:,} signals, {result.orders:,} orders, "
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
        ("market", f"{result.ticks:,} ticks, {result.bars:,} bars"),
        ("decisions", decisions),
        ("profit", f"{profit}, drawdown {result.max_drawdown:.2%}"),
        ("quality", quality),
        ("decision hash", result.decision_hash),
        ("speed", f"{speed} (and {result.ingest_s:.2f} s reading files)"),
    ]


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _from_file(paths: list[Path]) -> "BacktestConfig":
    from runtime.config import load_config

    if len(paths) != 1:
        raise UserError("backtest: name one CONFIG.toml, or --data, --instrument and --strategy")
    return load_config(paths[0])


def _from_options(
    paths: list[Path],
    instruments: list[str],
    venue: str | None,
    data_format: str,
    strategy: str | None,
    params: list[str],
) -> "BacktestConfig":
    from actors.feeds.formats.format import FileOptions
    from actors.strategies.settings import assignments
    from runtime.config import BacktestConfig, StrategyConfig
    from runtime.ingesting import DataConfig

    if strategy is None:
        raise UserError("backtest: --data also needs --strategy")
    return BacktestConfig(
        data=(
            DataConfig(
                paths=tuple(map(str, paths)),
                instruments=tuple(instruments),
                venue=venue or "",
                files=FileOptions(format=data_format),
            ),
        ),
        strategies=(
            StrategyConfig(use=strategy, parameters=assignments(params)).below(Path.cwd()),
        ),
    )


def _with_amounts(
    config: "BacktestConfig", size: str | None, balance: str | None
) -> "BacktestConfig":
    from msgspec.structs import replace

    if size is not None:
        config = replace(config, sizing=replace(config.sizing, value=_amount("size", size)))
    if balance is not None:
        config = replace(config, starting_balance=_amount("balance", balance))
    return config


def _amount(option: str, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except ArithmeticError:
        amount = Decimal(0)
    if not (amount.is_finite() and amount > 0):
        raise UserError(f"--{option} {text!r} must be a number above zero, such as 1000")
    return amount
