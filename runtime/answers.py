"""What models answered in earlier backtests, so that no question is asked a second time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from actors.patterns.candles import Candles
from actors.patterns.recogniser import Abstention, Answer, Question, Recogniser, Recognition

_DIGITS: Final = 16


class _Line(msgspec.Struct, frozen=True):
    """One answer as it is kept."""

    question: str
    seen: tuple[Recognition, ...]


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(_Line).decode


class Remembered:
    """A recogniser in front of another. It implements ``Recogniser``.

    An answer depends on its question alone, so the same question is answered from memory. What is
    no answer is not kept, because its reason may have been of the moment. Each process appends
    whole lines, and begins a line of its own; one that is torn is a question that is asked again.
    """

    def __init__(self, recogniser: Recogniser, path: Path) -> None:
        self._recogniser: Final = recogniser
        self._path: Final = path
        self._known: Final = dict(_lines(path))
        self.name: Final = recogniser.name
        self.bars: Final = recogniser.bars
        self.model_digest: Final = recogniser.model_digest

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        names = question_digests(questions)
        asked = {
            name: question
            for name, question in zip(names, questions, strict=True)
            if name not in self._known
        }
        told = dict(zip(asked, self._recogniser.recognise([*asked.values()]), strict=True))
        seen = {name: answer for name, answer in told.items() if not isinstance(answer, Abstention)}
        self._keep(seen)
        return [told[name] if name in told else self._known[name] for name in names]

    def picture(self, question: Question) -> NDArray[np.uint8] | None:
        return self._recogniser.picture(question)

    def _keep(self, seen: Mapping[str, tuple[Recognition, ...]]) -> None:
        self._known.update(seen)
        lines = b"".join(b"\n" + _encode(_Line(name, each)) for name, each in seen.items())
        if not lines:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(lines)
        except OSError:
            return  # A memory that cannot be kept is no reason to give no answer.


class RememberedModels(Mapping[str, Recogniser]):
    """Models that are asked each question once.

    Args:
        folder: where answers are kept, a file a model.
        code: names the code that draws and computes what models look at; other code may make other
            answers.
    """

    def __init__(
        self, models: Mapping[str, Recogniser], folder: Path, code: Callable[[], str]
    ) -> None:
        self._models: Final = models
        self._folder: Final = folder
        self._code: Final = code
        self._opened: Final[dict[str, Recogniser]] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._models

    def __getitem__(self, name: str) -> Recogniser:
        if name not in self._opened:
            model = self._models[name]
            file = f"{name}-{model.model_digest[:_DIGITS]}-{self._code()[:_DIGITS]}.jsonl"
            self._opened[name] = Remembered(model, self._folder / file)
        return self._opened[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __len__(self) -> int:
        return len(self._models)


def question_digests(questions: Sequence[Question]) -> list[str]:
    """BLAKE2b-128 of all that each question says, but who asks it."""
    panels = {id(each.panel): each.panel for each in questions}
    looked_at = {name: _panel_digest(panel) for name, panel in panels.items()}
    return [
        _digest(f"{each.instrument}/{each.interval}/{looked_at[id(each.panel)]}")
        for each in questions
    ]


def _panel_digest(panel: Mapping[str, Candles]) -> str:
    return _digest("/".join(f"{name}/{each.digest()}" for name, each in sorted(panel.items())))


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _lines(path: Path) -> Iterator[tuple[str, tuple[Recognition, ...]]]:
    try:
        content = path.read_bytes()
    except OSError:
        return
    for line in content.splitlines():
        try:
            kept = _decode(line)
        except msgspec.MsgspecError:
            continue
        yield kept.question, kept.seen
