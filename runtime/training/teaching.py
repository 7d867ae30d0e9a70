"""What a recogniser said in a recorded run, as lessons for a model that learns."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Self

import msgspec
import numpy as np
from numpy.typing import NDArray

from actors.patterns.labels.outcomes import CALLED
from actors.patterns.models.examples import Taught
from actors.patterns.pooling import pooled
from events.codecs.json import decode_step
from events.journal import Journal
from projections.analytics.series import Doubles
from schemas.errors import UserError
from schemas.market import Bar
from schemas.pattern import Direction, PatternRecognised, PatternRequested
from schemas.quantities import Nanoseconds

WEIGHT: Final = 0.5
"""A teacher's share where nothing else is asked for."""

type Int64s = NDArray[np.int64]


class NothingSaid(UserError):
    """A run holds no answer of the teacher that could teach anything."""


class TeacherConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Whose recorded answers to learn from.

    Attributes:
        recogniser: as in ``pattern.recognised``, such as ``minicpm``.
        weight: its share in what is learned where it spoke, 0 to 1; the rest is what came.
    """

    recogniser: str
    weight: float = WEIGHT


_NOTHING: Final = (np.zeros(0, dtype=np.int64), np.zeros((0, len(CALLED))))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Lessons:
    """What the teacher said.

    Attributes:
        run: in which it did; digest: of all that is here; models: digests of what answered.
        said: by instrument, when a bar closed (int64[n], ascending) and the probabilities of down,
            flat and up after it (float64[n, 3]).
    """

    config: TeacherConfig
    run: str
    digest: str
    models: tuple[str, ...]
    said: Mapping[str, tuple[Int64s, Doubles]]

    @classmethod
    def of(cls, journal: Journal, run: str, config: TeacherConfig, interval: str) -> Self:
        """Everything that the teacher recognised in bars of an interval.

        What it abstained from is no lesson. Several answers about one bar are pooled.

        Raises:
            NothingSaid: there is nothing.
        """
        closes: dict[str, Nanoseconds] = {}
        heard: Counter[str] = Counter()
        answers: list[PatternRecognised] = []
        for record in journal.records():
            for event in decode_step(record.body).events:
                match event.payload:
                    case PatternRequested() | Bar():
                        closes[event.id] = event.ts
                    case PatternRecognised() as answer:
                        heard[f"{answer.recogniser} ({answer.interval})"] += 1
                        if (answer.recogniser, answer.interval) == (config.recogniser, interval):
                            answers.append(answer)
        if not answers:
            there = ", ".join(f"{count:,} of {name}" for name, count in sorted(heard.items()))
            raise NothingSaid(
                f"run {run}: no answer of {config.recogniser} about {interval} bars; "
                f"there are: {there or 'none at all'}"
            )
        said = _by_instrument(answers, closes)
        return cls(
            config=config,
            run=run,
            digest=_digest(config, said),
            models=tuple(sorted({answer.model_digest for answer in answers})),
            said=said,
        )

    def taught(self, instruments: Sequence[str], moments: Int64s) -> Taught:
        """What it said at each moment of each instrument."""
        said = np.full((len(moments), len(instruments), len(CALLED)), np.nan, dtype=np.float32)
        for column, instrument in enumerate(instruments):
            times, probabilities = self.said.get(instrument, _NOTHING)
            _, here, there = np.intersect1d(moments, times, return_indices=True)
            said[here, column] = probabilities[there]
        return Taught(said=said, weight=self.config.weight)


def _by_instrument(
    answers: Sequence[PatternRecognised], closes: Mapping[str, Nanoseconds]
) -> Mapping[str, tuple[Int64s, Doubles]]:
    opinions: defaultdict[str, defaultdict[Nanoseconds, list[tuple[Direction, float]]]]
    opinions = defaultdict(lambda: defaultdict(list))
    for answer in answers:
        opinion = (answer.direction, answer.confidence)
        opinions[answer.instrument][closes[answer.request]].append(opinion)
    said = {}
    for instrument, by_time in sorted(opinions.items()):
        times = sorted(by_time)
        pools = [pooled(by_time[ts]) for ts in times]
        probabilities = np.array([[pool[name] for name in CALLED] for pool in pools])
        said[instrument] = (np.array(times, dtype=np.int64), probabilities)
    return said


def _digest(config: TeacherConfig, said: Mapping[str, tuple[Int64s, Doubles]]) -> str:
    state = blake2b(msgspec.json.encode(config), digest_size=16)
    for instrument, (times, probabilities) in said.items():
        state.update(instrument.encode())
        state.update(times.tobytes())
        state.update(probabilities.tobytes())
    return state.hexdigest()
