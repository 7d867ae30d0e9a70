"""The port of whatever recognises patterns: a question about bars in, what was seen out.

Rules answer inside the cell, in the step of the bar. Models answer through a gateway, later and
perhaps never; what they said is recorded, and a replay takes it from the record. Both are asked the
same question and give the same kind of answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from actors.patterns.candles import Candles
from schemas.pattern import Direction, PatternAbstained, PatternRecognised
from schemas.quantities import Nanoseconds

UNKNOWING: Final = 0.5
"""The confidence of somebody who has no probability to offer."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Question:
    """Bars, and what one sees in them is what is asked.

    Attributes:
        request: id of the ``pattern.requested``, or of the bar in whose step it is answered.
        instrument: what is asked about.
        interval: of the bars, such as ``5m``; interval_ns: the same in nanoseconds.
        panel: of each instrument that the recogniser was given, this one too, what had closed by
            then: as many bars as the recogniser asked for, or as there are. Questions of one moment
            share it, so that whoever answers sees at once that they are about one panel.
    """

    request: str
    instrument: str
    interval: str
    interval_ns: Nanoseconds
    panel: Mapping[str, Candles]

    @property
    def candles(self) -> Candles:
        """The bars that are asked about; the last has just closed."""
        return self.panel[self.instrument]

    @property
    def asked(self) -> Nanoseconds:
        """Market time of the question: the close of the last bar."""
        return int(self.candles.ts_close[-1])


class Recognition(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was seen; the fields are those of ``pattern.recognised``."""

    pattern: str
    direction: Direction
    horizon: Nanoseconds
    confidence: float = UNKNOWING
    calibrated: bool = False
    begins: Nanoseconds = 0
    chart_hash: str = ""
    feature_hash: str = ""


class Abstention(msgspec.Struct, frozen=True, kw_only=True):
    """No usable answer.

    Attributes:
        reason: one short word, such as ``constant_price``, ``timeout`` or ``malformed``.
        detail: for people.
    """

    reason: str
    detail: str = ""


type Answer = tuple[Recognition, ...] | Abstention
"""What was seen, in the recogniser's own order; nothing is seen in most bars, and that is an empty
tuple. A model gives one recognition at most.
"""


class Recogniser(Protocol):
    """Answers questions, several at once.

    An answer depends on its question alone: not on the others beside it, nor on earlier ones, and
    on a CPU it is the same in every process.
    """

    @property
    def name(self) -> str:
        """What it is called in a configuration and in events, such as ``rules``."""
        ...

    @property
    def bars(self) -> int:
        """How many bars a question must hold."""
        ...

    @property
    def model_digest(self) -> str:
        """Names weights and settings: another digest may give other answers."""
        ...

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        """An answer to each question, in order. Bars that it cannot judge are an abstention.

        Raises:
            Exception: nobody can be answered now (out of memory, a broken device).
        """
        ...

    def picture(self, question: Question) -> NDArray[np.uint8] | None:
        """What it looks at, uint8[h, w] or uint8[h, w, 3]; ``None`` if that is no picture."""
        ...


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers which request: what all payloads of an answer have in common."""

    request: str
    instrument: str
    interval: str
    recogniser: str
    model_digest: str = ""

    def payloads(
        self, answer: Answer, latency: Nanoseconds = 0
    ) -> tuple[PatternRecognised | PatternAbstained, ...]:
        """The answer's events: an abstention is one, and so is each thing that was seen."""
        common = {**msgspec.structs.asdict(self), "latency": latency}
        if isinstance(answer, Abstention):
            return (PatternAbstained(**common, reason=answer.reason, detail=answer.detail),)
        return tuple(PatternRecognised(**common, **msgspec.structs.asdict(seen)) for seen in answer)
