"""``wakeline train``: from recorded markets to a model that is judged and kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import progress, tell
from schemas.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console

    from actors.patterns.models.fitting_config import Epoch
    from runtime.home import Home
    from runtime.training.teaching import Lessons
    from runtime.training.training import Trained

EXAMPLE: Final = "wakeline train runtime/samples/train.toml"


def train(
    config: Annotated[
        Path, typer.Argument(metavar="CONFIG", help="A TOML file.", show_default=False)
    ],
    teacher: Annotated[
        str,
        typer.Option(metavar="RECOGNISER", help="Learn also from its recorded answers."),
    ] = "",
    run: Annotated[
        str | None,
        typer.Option(help="Run that holds them: the beginning of its id; else the latest."),
    ] = None,
    weight: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="The teacher's share where it spoke, 0.5 if not said."),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Train a pattern model and judge it out of sample; the same command goes on where it stopped.

    Needs the extra `training` (torch and scikit-learn); serving a model does not.
    """
    from runtime.home import Home
    from runtime.training.config import load_training

    if not teacher and (run is not None or weight is not None):
        raise UserError("train: --run and --weight are about a teacher; name it by --teacher")
    settings = load_training(config)
    _require_libraries(together=settings.fit.workers > 1)
    from runtime.training.training import train as train_model

    with _watched(progress()) as watcher, _told_apart():
        place = Home.create(home)
        lessons = _lessons(place, run, teacher, weight, settings.interval) if teacher else None
        trained = train_model(place, settings, watcher, lessons)
    answer = {"folder": str(trained.folder), "card": trained.card}
    tell(answer, as_json=as_json, show=lambda console: _show(console, trained))


def _lessons(
    home: "Home", run: str | None, teacher: str, weight: float | None, interval: str
) -> "Lessons":
    from runtime.backends import journal_of
    from runtime.training.teaching import WEIGHT, Lessons, TeacherConfig

    directory = home.find_run(run)
    wanted = TeacherConfig(recogniser=teacher, weight=WEIGHT if weight is None else weight)
    return Lessons.of(journal_of(directory), directory.run, wanted, interval)


def _require_libraries(*, together: bool) -> None:
    from importlib.util import find_spec

    wanted = ("torch", "sklearn", "safetensors", *(("ray",) if together else ()))
    missing = [name for name in wanted if find_spec(name) is None]
    if missing:
        raise UserError(
            f"train: {', '.join(missing)} is not installed; `make full` installs all that is"
            " optional"
        )


@contextmanager
def _told_apart() -> Iterator[None]:
    """What only the data or the machine can change is the user's to change."""
    from actors.patterns.candles import UnfitBars
    from actors.patterns.features.panel import UnfitPanel
    from actors.patterns.labels.walk_forward import TooFewSamples
    from actors.patterns.models.device import NoDevice

    try:
        yield
    except (UnfitBars, UnfitPanel, TooFewSamples, NoDevice) as error:
        raise UserError(f"train: {error}") from error


class _Watcher:
    """Implements ``runtime.training.training.Watcher`` with lines on standard error."""

    def __init__(self, console: "Console") -> None:
        self._console: Final = console

    def reading(self, source: str, rows: int) -> None:
        """Reading is short beside learning."""

    def fitting(self, part: str, epoch: "Epoch") -> None:
        self._console.print(
            f"{part}: epoch {epoch.number}, loss {epoch.loss:.4f},"
            f" validation {epoch.validation:.4f}",
            highlight=False,
        )


@contextmanager
def _watched(console: "Console") -> Iterator[_Watcher]:
    try:
        yield _Watcher(console)
    except KeyboardInterrupt:
        console.print("interrupted; the same command goes on from here")
        raise


def _show(console: "Console", trained: "Trained") -> None:
    from runtime.cli.models import show_card

    show_card(console, trained.card)
    console.print(f"kept in {trained.folder}", markup=False, soft_wrap=True)
