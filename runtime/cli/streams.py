"""``wakeline streams``: live tables over the logs in Kafka, on a page of this machine."""

import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import tell

if TYPE_CHECKING:
    from events.backends.kafka.config import KafkaConfig
    from runtime.home import Home

EXAMPLE: Final = "wakeline streams --source fxcm-eurusd --run ema-cross-1f2e3d4c"

_Names = list[str] | None

SourceOption = Annotated[
    _Names, typer.Option(metavar="NAME", help="A source of the market log; repeatable.")
]
RunOption = Annotated[
    _Names, typer.Option(metavar="RUN", help="A run, by the beginning of its id; repeatable.")
]
CellOption = Annotated[_Names, typer.Option(metavar="NAME", help="A cell that lives; repeatable.")]
ReportOption = Annotated[
    str, typer.Option(metavar="CELL", help="Post health.reported into this cell's ingress.")
]
WindowOption = Annotated[float, typer.Option(min=0.001, help="Seconds of market time.")]
WindowsOption = Annotated[int, typer.Option(min=1, max=10_000, help="How many are kept.")]
SilenceOption = Annotated[
    float, typer.Option(min=0, help="Seconds; a market that is silent longer is not well.")
]
PortOption = Annotated[int, typer.Option(min=0, max=65535, help="On localhost; 0: any.")]
TokenOption = Annotated[
    bool, typer.Option(help="Ask for the token of WAKELINE_STREAMS_TOKEN, or of the home.")
]
KafkaOption = Annotated[
    str, typer.Option(metavar="kafka|FILE", help="A FILE is TOML with a table [journal].")
]


def streams(
    source: SourceOption = None,
    run: RunOption = None,
    cell: CellOption = None,
    report: ReportOption = "",
    window: WindowOption = 60.0,
    windows: WindowsOption = 60,
    max_silence: SilenceOption = 60.0,
    port: PortOption = 0,
    token: TokenOption = True,
    journal: KafkaOption = "kafka",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Show live tables over the logs in Kafka until Ctrl-C.

    Without --source, --run and --cell: over every source. The address comes when it is served;
    with --json as one object, {"url": ..., "token_in": ...}.
    """
    import asyncio

    from runtime.backends import shared_cluster
    from runtime.home import Home
    from runtime.streams.config import StreamsConfig
    from runtime.streams.installed import faust_installed

    there = Home.create(home)
    kafka = _kafka(journal, there)
    with faust_installed():
        from runtime.streams.application import serve
        from runtime.streams.opening import Wanted, open_streams
    config = StreamsConfig(
        window_ms=round(window * 1000), windows=windows, max_silence_ms=round(max_silence * 1000)
    )
    runs = [there.find_run(each).run for each in run or ()]
    shown, kept_in = _token(there) if token else (None, None)
    wanted = Wanted(
        sources=source or (), runs=runs, cells=cell or (), report=report, port=port, token=shown
    )
    opened = open_streams(shared_cluster(kafka), there, wanted, config)
    asyncio.run(serve(opened, lambda url: _show(url, kept_in, as_json=as_json)))


def _kafka(journal: str, home: "Home") -> "KafkaConfig":
    from runtime.backends import journal_config
    from schemas.errors import UserError

    chosen = journal_config(journal, home)
    if chosen.backend != "kafka":
        raise UserError(f"--journal {journal}: the tables are over logs in Kafka")
    return chosen.kafka


def _token(home: "Home") -> tuple[str, str]:
    """The token, and where it is kept."""
    import os

    from runtime.streams.tokens import VARIABLE, read_token

    path = home.streams / "token"
    kept_in = f"${VARIABLE}" if os.environ.get(VARIABLE) else str(path)
    return read_token(path, os.environ), kept_in


def _show(url: str, kept_in: str | None, *, as_json: bool) -> None:
    hint = f"\n?token=TOKEN or Authorization: Bearer TOKEN; it is in {kept_in}" if kept_in else ""
    answer = {"url": url, "token_in": kept_in}
    tell(answer, as_json=as_json, show=lambda console: console.print(f"{url}{hint}"))
    sys.stdout.flush()
