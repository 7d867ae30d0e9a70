"""The options of ``wakeline ingest``, one type each."""

from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Files or directories.", show_default=False),
]
Instruments = Annotated[
    list[str] | None,
    typer.Option(metavar="SYMBOL", help="What they are of, such as EUR/USD; repeatable."),
]
Venue = Annotated[str, typer.Option(metavar="VENUE", help="Where it trades, as FXCM.")]
Format = Annotated[str, typer.Option("--format", metavar="FORMAT", help="How they are written.")]
Timezone = Annotated[
    str, typer.Option(metavar="ZONE", help="Of times without an offset, as America/New_York.")
]
Interval = Annotated[
    str, typer.Option(metavar="INTERVAL", help="Of bars whose rows do not tell it, as 1m.")
]
Quality = Annotated[
    list[str] | None,
    typer.Option(metavar="FAULT=ACTION", help="As crossed=repair or spike=drop; repeatable."),
]
