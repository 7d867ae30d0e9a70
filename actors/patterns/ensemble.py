"""The recogniser ``ensemble``: what several recognisers say, pooled into one answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.candles import Candles
from actors.patterns.pooling import DIRECTIONS, pooled
from actors.patterns.recogniser import Abstention, Answer, Question, Recogniser, Recognition

NAME: Final = "ensemble"

_DIGITS: Final = 6


class Ensemble:
    """Implements ``Recogniser`` over others by a linear pool, whose greatest part is the answer.

    A member that sees several things speaks by the one it is surest of. The answer is calibrated if
    all that went into it is, as far as a mean of calibrated probabilities is.

    Args:
        members: at least two.
        quorum: how many of them must see something; otherwise it abstains.
    """

    def __init__(self, members: Sequence[Recogniser], quorum: int = 2, name: str = NAME) -> None:
        if not 1 <= quorum <= len(members) or len(members) < 2:
            raise ValueError(f"a quorum of {quorum} among {len(members)} recognisers")
        self.name: Final = name
        self._members: Final = tuple(members)
        self._quorum: Final = quorum

    @property
    def bars(self) -> int:
        """What the member that looks back furthest needs."""
        return max(member.bars for member in self._members)

    @property
    def model_digest(self) -> str:
        said = "/".join((str(self._quorum), *(member.model_digest for member in self._members)))
        return blake2b(said.encode(), digest_size=16).hexdigest()

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        if not questions:
            return ()
        asked = [member.recognise(_shortened(questions, member)) for member in self._members]
        return [self._pooled(answers) for answers in zip(*asked, strict=True)]

    def picture(self, question: Question) -> NDArray[np.uint8] | None:
        """The first member's that looks at one."""
        pictures = (member.picture(_shortened([question], member)[0]) for member in self._members)
        return next((picture for picture in pictures if picture is not None), None)

    def _pooled(self, answers: Sequence[Answer]) -> Answer:
        seen = [
            max(answer, key=lambda each: each.confidence)
            for answer in answers
            if not isinstance(answer, Abstention) and answer
        ]
        if len(seen) < self._quorum:
            return Abstention(reason="no_quorum", detail=f"{len(seen)} of {self._quorum}")
        pool = pooled([(each.direction, each.confidence) for each in seen])
        direction = max(DIRECTIONS, key=lambda each: pool[each])
        agreeing = [each for each in seen if each.direction == direction] or seen
        return (
            Recognition(
                pattern="+".join(dict.fromkeys(each.pattern for each in agreeing)),
                direction=direction,
                horizon=min(each.horizon for each in agreeing),
                confidence=round(pool[direction], _DIGITS),
                calibrated=all(each.calibrated for each in seen),
                chart_hash=next((each.chart_hash for each in seen if each.chart_hash), ""),
                feature_hash=next((each.feature_hash for each in seen if each.feature_hash), ""),
            ),
        )


def _shortened(questions: Sequence[Question], member: Recogniser) -> list[Question]:
    """The questions with as many bars as a member asked for; panels that were shared stay so."""
    cut: dict[int, Mapping[str, Candles]] = {}

    def newest(panel: Mapping[str, Candles]) -> Mapping[str, Candles]:
        if id(panel) not in cut:
            cut[id(panel)] = {name: each[-member.bars :] for name, each in panel.items()}
        return cut[id(panel)]

    return [replace(question, panel=newest(question.panel)) for question in questions]
