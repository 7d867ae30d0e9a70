"""``wakeline doctor``: what this machine is, and how Wakeline would run on it."""

from typing import TYPE_CHECKING, Final

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import tell

if TYPE_CHECKING:
    from rich.console import Console

    from runtime.hardware import Hardware, Profile

EXAMPLE: Final = "wakeline doctor"


def doctor(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Measure CPU, memory, GPU and disk, and say which profile fits and why."""
    from runtime.hardware import profile_for
    from runtime.measuring import engine_versions, measure

    directory = next(path for path in (home, *home.absolute().parents) if path.is_dir())
    hardware = measure(directory)
    profile = profile_for(hardware)
    engines = engine_versions()
    answer = {"hardware": hardware, "profile": profile, "engines": engines, "disk": str(directory)}
    tell(answer, as_json=as_json, show=lambda console: _show(console, hardware, profile, engines))


def _show(
    console: "Console", hardware: "Hardware", profile: "Profile", engines: dict[str, str]
) -> None:
    from rich.table import Table

    from runtime.hardware import GIB

    table = Table("measured", "", box=None, show_header=False)
    table.add_row("cores", str(hardware.cores))
    table.add_row("memory", f"{hardware.memory_bytes / GIB:.1f} GiB")
    cards = [f"{gpu.name}, {gpu.memory_bytes / GIB:.0f} GiB" for gpu in hardware.gpus]
    table.add_row("GPU", "\n".join(cards) or "none found")
    table.add_row("disk, one large write with fsync", f"{hardware.write_mb_s:,.0f} MB/s")
    table.add_row("disk, one durable journal commit", f"{hardware.commit_ms:.2f} ms (median)")
    for engine, installed in engines.items():
        table.add_row(engine, installed)
    console.print(table)
    console.print(f"\nprofile [bold]{profile.name}[/bold]")
    for reason in profile.reasons:
        console.print(f"  - {reason}")
