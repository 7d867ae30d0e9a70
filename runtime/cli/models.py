"""``wakeline models``: which models there are, how good they are, which one stands for its name."""

from typing import TYPE_CHECKING, Annotated, Final

import typer

from runtime.cli.options import DEFAULT_HOME, HomeOption, JsonOption
from runtime.cli.output import tell
from runtime.cli.rows import show_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from actors.patterns.models.card import Card
    from runtime.training.registry import Kept

EXAMPLE: Final = "wakeline models fast-eurusd"

_FIGURES: Final = ("accuracy", "log_loss", "brier", "calibration_error", "gain")
_JUDGED: Final = "network"


def models(
    model: Annotated[
        list[str] | None,
        typer.Argument(metavar="MODEL", help="A name, or the beginning of a digest."),
    ] = None,
    promote: Annotated[
        str, typer.Option(metavar="MODEL", help="Let it be what its name stands for.")
    ] = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """List all models, show one, or hold several against each other."""
    from runtime.home import Home
    from runtime.training.registry import Registry

    registry = Registry(Home.create(home))
    if promote:
        registry.promote(registry.find(promote))
    kept = [registry.find(name) for name in model] if model else registry.all()
    answer = {"models": [_fields(each) for each in kept]}
    tell(answer, as_json=as_json, show=lambda console: _show(console, kept, one=len(model or ())))


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


def _show(console: "Console", kept: "Sequence[Kept]", *, one: int) -> None:
    if one == 1:
        show_card(console, kept[0].card)
        return
    columns = ("model", "digest", "state", "bars", "samples", *_FIGURES)
    show_rows(console, [each.replace("_", " ") for each in columns], [_row(each) for each in kept])


def _row(kept: "Kept") -> tuple[str, ...]:
    card = kept.card
    state = "promoted" if kept.promoted else "shipped" if kept.shipped else ""
    metrics = card.metrics.get(_JUDGED, {})
    figures = (
        f"{metrics[name].mean:.4f} ± {metrics[name].error:.4f}" if name in metrics else ""
        for name in _FIGURES
    )
    return (card.name, card.digest[:12], state, card.interval, f"{card.samples:,}", *figures)
