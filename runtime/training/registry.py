"""The models of a home: a folder a model, named by its digest; one of a name may be promoted."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from actors.patterns.models.card import (
    CARD,
    NETWORK,
    WEIGHTS,
    Card,
    UnusableModel,
    checked,
    read_card,
)
from runtime.files import write_whole
from runtime.home import Home

SHIPPED: Final = Path(__file__).parents[1] / "samples" / "models"
"""Models that come with the program, in folders as those of a home."""

_PROMOTED: Final = "promoted"
_DIGITS: Final = 12
"""How much of a digest names a folder."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A model, and where its files lie."""

    folder: Path
    card: Card
    promoted: bool
    shipped: bool = False


class Registry:
    """Keeps, finds and promotes models. What is kept is never changed."""

    def __init__(self, home: Home) -> None:
        self._path: Final = home.models

    def keep(self, files: dict[str, bytes], card: Card) -> Path:
        """Put a model's files away; the card comes last, so that without it there is no model.

        Raises:
            Unwritten: the disk takes no data.
        """
        folder = self._path / card.name / card.digest[:_DIGITS]
        folder.mkdir(parents=True, exist_ok=True)
        for name in (*sorted(set(files) - {CARD}), CARD):
            write_whole(folder / name, files[name])
        return folder

    def all(self) -> list[Kept]:
        """Every model, those of the program first, then by name and digest."""
        shipped = [
            Kept(path.parent, read_card(path.parent), promoted=False, shipped=True)
            for path in sorted(SHIPPED.glob(f"*/{CARD}"))
        ]
        own = [
            Kept(path.parent, card, promoted=self._promoted(card.name) == card.digest)
            for path in sorted(self._path.glob(f"*/*/{CARD}"))
            for card in (read_card(path.parent),)
        ]
        return shipped + own

    def find(self, name: str) -> Kept:
        """The model whose digest begins so, or the one of that name: the promoted, or the only one.

        Raises:
            UnusableModel: there is none, or more than one.
        """
        models = self.all()
        fitting = [each for each in models if each.card.digest.startswith(name)]
        named = [each for each in models if each.card.name == name]
        own = [each for each in named if not each.shipped]
        for choice in (fitting, [each for each in own if each.promoted], own, named):
            if len({each.card.digest for each in choice}) == 1:
                return choice[-1]
        listed = ", ".join(f"{each.card.name} {each.card.digest[:_DIGITS]}" for each in models)
        problem = "names more than one model" if fitting or named else "there is no such model"
        raise UnusableModel(f"model {name!r}: {problem}; there are: {listed}")

    def promote(self, kept: Kept) -> None:
        """Make it the model that its name stands for, once its files are what its card says.

        Raises:
            UnusableModel: a file is missing or damaged, or the model is the program's own.
        """
        if kept.shipped:
            raise UnusableModel(
                f"model {kept.card.name}: it comes with the program, and stands for its name as"
                " long as this home has no other"
            )
        for name in (WEIGHTS, NETWORK):
            checked(kept.folder, kept.card, name)
        write_whole(kept.folder.parent / _PROMOTED, f"{kept.card.digest}\n".encode())

    def _promoted(self, name: str) -> str:
        try:
            return (self._path / name / _PROMOTED).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""
