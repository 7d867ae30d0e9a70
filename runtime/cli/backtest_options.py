"""The options of ``wakeline backtest``, one type each."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[CONFIG.toml]", help="A configuration; with --data, more data paths."),
]
Data = Annotated[
    list[Path] | None,
    typer.Option(metavar="PATH...", help="Files or directories of ticks or bars; repeatable."),
]
Instruments = Annotated[
    list[str] | None,
    typer.Option(metavar="SYMBOL", help="What they are of, such as EUR/USD; repeatable."),
]
Venue = Annotated[str, typer.Option(metavar="VENUE", help="Where they are from, such as FXCM.")]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="How they are written.")]
StrategyName = Annotated[
    str | None,
    typer.Option(metavar="NAME|FILE:CLASS", help="A built-in strategy, or one of your own."),
]
Parameters = Annotated[
    list[str] | None,
    typer.Option(metavar="K=V", help="A parameter of the strategy; repeatable."),
]
Size = Annotated[
    str | None, typer.Option(metavar="UNITS", help="Units of an order; 1000 by default.")
]
Balance = Annotated[
    str | None, typer.Option(metavar="AMOUNT", help="Cash at the start; 1,000,000 by default.")
]
FromClickHouse = Annotated[
    bool,
    typer.Option("--from-clickhouse", help="Read the ticks back from where a run projected them."),
]
Trace = Annotated[
    bool,
    typer.Option("--trace", help="Measure how long each decision takes, for `wakeline trace`."),
]
New = Annotated[bool, typer.Option("--new", help="Start another run, even if one is unfinished.")]
