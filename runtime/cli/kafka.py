"""``wakeline kafka``: a real broker on this machine, without Docker."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import progress, tell

if TYPE_CHECKING:
    from rich.console import Console

    from runtime.home import Home
    from runtime.kafka.broker import BrokerStatus, LocalBroker

EXAMPLE: Final = "wakeline kafka up"

kafka: Final = typer.Typer(
    name="kafka",
    help="Start, stop and look at a Kafka broker on this machine, for development or one machine.",
    epilog=f"Example: {EXAMPLE}",
    rich_markup_mode=None,
    no_args_is_help=True,
)


@kafka.command(epilog="Example: wakeline kafka up --port 19092 --controller-port 19093")
def up(
    port: Annotated[int, typer.Option(help="For clients; on localhost only.")] = 9092,
    controller_port: Annotated[int, typer.Option(help="For the broker's own controller.")] = 9093,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Start the broker, or see that it runs; its data, settings and log are under the home."""
    from runtime.home import Home
    from runtime.kafka.settings import BrokerPorts

    broker = _broker(Home.create(home))
    ports = BrokerPorts(clients=port, controller=controller_port)
    with progress().status("kafka: starting") as status:
        answer = broker.up(ports, lambda doing: status.update(f"kafka: {doing}"))
    tell(answer, as_json=as_json, show=lambda console: _show(console, answer))


@kafka.command(epilog="Example: wakeline kafka down")
def down(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Stop the broker in order; its data stay."""
    from runtime.home import Home

    broker = _broker(Home.existing(home))
    with progress().status("kafka: stopping"):
        stopped = broker.down()
    said = "stopped" if stopped else "it was not running"
    tell({"stopped": stopped}, as_json=as_json, show=lambda console: console.print(said))


@kafka.command(epilog="Example: wakeline kafka status --json")
def status(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Whether the broker runs and answers, and where."""
    from runtime.home import Home

    answer = _broker(Home.existing(home)).status()
    tell(answer, as_json=as_json, show=lambda console: _show(console, answer))


def _broker(home: "Home") -> "LocalBroker":
    from runtime.kafka.broker import LocalBroker

    return LocalBroker(home.kafka)


def _show(console: "Console", status: "BrokerStatus") -> None:
    if not status.running:
        console.print("The broker is not running; `wakeline kafka up` starts it.")
        return
    ready = "[green]ready[/green]" if status.ready else "[yellow]not answering[/yellow]"
    console.print(f"{ready} at [bold]{status.bootstrap}[/bold], process {status.pid}")
    console.print(f"[dim]log {status.log}[/dim]", soft_wrap=True)
    console.print(
        "[dim]One broker keeps one copy: what it acknowledges survives kill -9 of any process,\n"
        "and a power cut or a lost disk may take it.[/dim]"
    )
