"""The recogniser ``fast``: charts and numbers of a panel of instruments through one network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from actors.patterns.candles import Candles
from actors.patterns.charts.digest import chart_hash
from actors.patterns.charts.grey import LAYOUTS, grey_chart, grey_charts
from actors.patterns.features.feature_set import LOOKBACK, feature_set
from actors.patterns.features.panel import Observed, panel_of
from actors.patterns.features.recent import RecentRows
from actors.patterns.labels.outcomes import CALLED
from actors.patterns.models.architecture import CHART_BARS
from actors.patterns.models.card import Card
from actors.patterns.models.judging import Model, Panels
from actors.patterns.recogniser import Abstention, Answer, Question, Recognition
from schemas.quantities import Nanoseconds

NAME: Final = "fast"


_DIGITS: Final = 6
"""Confidences are rounded to these decimals, behind which machines may differ."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Judged:
    """One panel, and what the network said about it."""

    places: Mapping[str, int]
    charts: NDArray[np.uint8]
    feature_hash: str
    directions: Sequence[int]
    confidences: Sequence[float]
    patterns: Sequence[int]


def bars_of(card: Card) -> int:
    """What the first of its rows of features looks back to."""
    return LOOKBACK + card.architecture.context - 1


class FastRecogniser:
    """Implements ``Recogniser``. Questions about one panel are judged once, and panels one by one:
    so an answer's bits do not depend on what was asked beside it.

    The features of the newest panels are remembered, which changes how long an answer takes and
    nothing else.
    """

    def __init__(self, model: Model, name: str = NAME) -> None:
        self.name: Final = name
        self._model: Final = model
        card = model.card
        self._context: Final = card.architecture.context
        self._rows: Final = RecentRows(feature_set(card.features, card.features_digest))

    @property
    def bars(self) -> int:
        return bars_of(self._model.card)

    @property
    def model_digest(self) -> str:
        return self._model.card.digest

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        judged: dict[tuple[int, Nanoseconds], _Judged] = {}
        return [self._answer(question, judged) for question in questions]

    def _answer(self, question: Question, judged: dict[tuple[int, Nanoseconds], _Judged]) -> Answer:
        unfit = self._unfit(question)
        if unfit is not None:
            return unfit
        moment = id(question.panel), question.asked
        if moment not in judged:
            judged[moment] = self._judged(question)
        return (self._recognition(question, judged[moment]),)

    def picture(self, question: Question) -> NDArray[np.uint8] | None:
        return grey_chart(question.candles, CHART_BARS)

    def _unfit(self, question: Question) -> Abstention | None:
        card, candles = self._model.card, question.candles
        if question.interval != card.interval:
            return Abstention(
                reason="other_interval",
                detail=f"{card.name} reads bars of {card.interval}, not of {question.interval}",
            )
        if len(candles) < self.bars:
            return Abstention(reason="too_few_bars", detail=f"{len(candles)} of {self.bars}")
        if candles.low.min() <= 0:
            return Abstention(reason="price_not_positive", detail=f"{candles.low.min():g}")
        if candles.close.min() == candles.close.max():
            return Abstention(reason="constant_price", detail=f"{candles.close[-1]:g}")
        return None

    def _judged(self, question: Question) -> _Judged:
        members = dict(sorted(question.panel.items()))
        panel = panel_of({name: Observed(candles=each) for name, each in members.items()})
        features = self._rows.of(panel[-self.bars :], self._context)
        # As in training, a peer is looked at if it closed a bar now and has all that lies behind.
        present = np.array(
            [
                len(each) >= self.bars and each.ts_close[-1] == question.asked
                for each in members.values()
            ]
        )
        charts = _charts(list(members.values()), present)
        panels = Panels(charts=charts[None], features=features[None], present=present[None])
        judgements = self._model.judge(panels)
        said = judgements.direction[0].astype(np.float64)
        return _Judged(
            places={name: place for place, name in enumerate(members)},
            charts=charts,
            feature_hash=_feature_hash(features, present),
            directions=said.argmax(axis=1).tolist(),
            confidences=said.max(axis=1).tolist(),
            patterns=judgements.pattern[0].argmax(axis=1).tolist(),
        )

    def _recognition(self, question: Question, judged: _Judged) -> Recognition:
        place = judged.places[question.instrument]
        return Recognition(
            pattern=self._model.card.architecture.patterns[judged.patterns[place]],
            direction=CALLED[judged.directions[place]],
            horizon=self._model.card.labels.horizon * question.interval_ns,
            confidence=round(judged.confidences[place], _DIGITS),
            calibrated=True,
            chart_hash=chart_hash(judged.charts[place]),
            feature_hash=judged.feature_hash,
        )


def _charts(members: Sequence[Candles], present: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Pictures of those present, drawn in one go as if their bars followed each other."""
    layout = LAYOUTS[CHART_BARS]
    charts = np.zeros((len(members), layout.height, layout.width), dtype=np.uint8)
    drawn = [each for each, here in zip(members, present, strict=True) if here]
    columns = {
        name: np.concatenate([getattr(each, name)[-layout.history :] for each in drawn])
        for name in ("open", "high", "low", "close", "volume")
    }
    moments = np.arange(len(drawn) * layout.history, dtype=np.int64)
    ends = moments[layout.history - 1 :: layout.history].astype(np.intp)
    charts[present] = grey_charts(Candles(**columns, ts_close=moments), CHART_BARS, ends)
    return charts


def _feature_hash(features: NDArray[np.float32], present: NDArray[np.bool_]) -> str:
    """Names all numbers of a panel, since peers are looked at too."""
    state = blake2b(present.tobytes(), digest_size=16)
    state.update(features.tobytes())
    return state.hexdigest()
