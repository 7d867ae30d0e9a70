"""``wakeline models``: which models there are, how good they are, which one stands for its name."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import tell
from runtime.cli.rows import show_rows
from schemas.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from actors.patterns.models.card import Card
    from runtime.training.registry import Kept

EXAMPLE: Final = "wakeline models fast-eurusd --to fast-eurusd.html"


class WhichModel(UserError):
    """The command was not told which one to draw."""


def models(
    model: Annotated[
        list[str] | None,
        typer.Argument(metavar="MODEL", help="A name, or the beginning of a digest."),
    ] = None,
    promote: Annotated[
        str, typer.Option(metavar="MODEL", help="Let it be what its name stands for.")
    ] = "",
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="Draw one model's card into this page."),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """List all models, show or draw one, or hold several against each other."""
    from runtime.home import Home
    from runtime.training.registry import Registry

    if to is not None and len(model or ()) != 1:
        raise WhichModel("models: --to draws one model; name it")
    registry = Registry(Home.create(home))
    if promote:
        registry.promote(registry.find(promote))
    kept = [registry.find(name) for name in model] if model else registry.all()
    answer: dict[str, object] = {"models": [_fields(each) for each in kept]}
    if to is None:
        one = len(model or ()) == 1
        tell(answer, as_json=as_json, show=lambda console: _show(console, kept, one=one))
        return
    _draw(kept[0].card, to)
    answer["page"] = str(to)
    tell(answer, as_json=as_json, show=lambda console: console.print(f"{to} shows it"))


def show_card(console: "Console", card: "Card") -> None:
    """A model in full."""
    from runtime.training.card_page import card_page

    console.print(card_page(card), markup=False, highlight=False, soft_wrap=True)


def _fields(kept: "Kept") -> dict[str, object]:
    return {
        "folder": str(kept.folder),
        "promoted": kept.promoted,
        "shipped": kept.shipped,
        "card": kept.card,
    }


def _draw(card: "Card", to: Path) -> None:
    from runtime.files import write_whole
    from runtime.report.model_page import model_page

    write_whole(to, model_page(card).encode())


def _show(console: "Console", kept: "Sequence[Kept]", *, one: bool) -> None:
    from actors.patterns.models.card import FIGURES

    if one:
        show_card(console, kept[0].card)
        return
    columns = ("model", "digest", "state", "bars", "samples", *FIGURES)
    show_rows(console, [each.replace("_", " ") for each in columns], [_row(each) for each in kept])


def _row(kept: "Kept") -> tuple[str, ...]:
    from actors.patterns.models.card import FIGURES, JUDGED

    card = kept.card
    state = "promoted" if kept.promoted else "shipped" if kept.shipped else ""
    metrics = card.metrics.get(JUDGED, {})
    figures = (
        f"{metrics[name].mean:.4f} ± {metrics[name].error:.4f}" if name in metrics else ""
        for name in FIGURES
    )
    return (card.name, card.digest[:12], state, card.interval, f"{card.samples:,}", *figures)
