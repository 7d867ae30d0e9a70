"""The recogniser ``rules``: tries every rule on the bars as they are, and upside down."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from actors.patterns.recogniser import Abstention, Answer, Question, Recognition
from actors.patterns.rules.parameters import RuleParameters
from actors.patterns.rules.table import PATTERNS, RULES, Rule
from actors.patterns.rules.view import View
from schemas.pattern import Direction

VERSION: Final = 1
"""Goes up when a rule is told otherwise by the same parameters."""

BARS: Final = 120


class Rules:
    """Classical patterns by their published definitions; see ``table.RULES``.

    It sees shapes and knows no probabilities: every confidence is 0.5 and not calibrated.

    Args:
        only: names of the patterns to look for; all of them when empty.

    Raises:
        ValueError: there is no rule for one of the names.
    """

    name: Final = "rules"
    bars: Final = BARS

    def __init__(self, parameters: RuleParameters | None = None, only: Sequence[str] = ()) -> None:
        unknown = [name for name in only if name not in PATTERNS]
        if unknown:
            raise ValueError(f"no rule for {unknown[0]!r}; there are {', '.join(PATTERNS)}")
        self._by: Final = parameters or RuleParameters()
        self._only: Final = frozenset(only or PATTERNS)
        said = (VERSION, self._by, sorted(self._only))
        digest = blake2b(msgspec.json.encode(said), digest_size=16)
        self.model_digest: Final = digest.hexdigest()

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        """What the last bar of each question completes."""
        return [self._answer(question) for question in questions]

    def picture(self, question: Question) -> NDArray[np.uint8] | None:  # noqa: ARG002  # the port's
        """None: it looks at numbers."""
        return None

    def _answer(self, question: Question) -> Answer:
        view = View.of(question.candles, self._by.pivot_bars)
        if view.typical <= 0:
            return Abstention(reason="constant_price", detail="the last bars have no range")
        numbers = question.candles.digest()
        return tuple(self._seen(question, view, numbers))

    def _seen(self, question: Question, view: View, numbers: str) -> Iterator[Recognition]:
        fallen = view.upside_down()
        for rule in RULES:
            if rule.rises in self._only and (first := rule.find(view, self._by)) is not None:
                direction: Direction = "long" if rule.falls else "flat"
                yield self._recognition(question, rule, direction, first, numbers)
            if rule.falls in self._only and (first := rule.find(fallen, self._by)) is not None:
                yield self._recognition(question, rule, "short", first, numbers)

    def _recognition(
        self, question: Question, rule: Rule, direction: Direction, first: int, numbers: str
    ) -> Recognition:
        ahead = self._by.horizon_bars if rule.candlestick else len(question.candles) - first
        return Recognition(
            pattern=str(rule.falls if direction == "short" else rule.rises),
            direction=direction,
            horizon=ahead * question.interval_ns,
            begins=int(question.candles.ts_close[first]),
            feature_hash=numbers,
        )
