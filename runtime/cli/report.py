"""``wakeline report``: a run as one HTML file."""

from typing import Final

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption, RunArgument
from runtime.cli.output import tell

EXAMPLE: Final = "wakeline report"


def report(
    run: RunArgument = None, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False
) -> None:
    """Write a run's report: one HTML file that needs no network."""
    from runtime.home import Home
    from runtime.reporting import write_report

    place = Home.existing(home)
    path = write_report(place, place.find_run(run))
    answer = {"run": path.parent.name, "path": str(path), "bytes": path.stat().st_size}
    tell(answer, as_json=as_json, show=lambda console: console.print(str(path)))
