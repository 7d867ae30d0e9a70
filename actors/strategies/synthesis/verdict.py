"""What becomes of candidates once all of them were tried."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import pvariance
from typing import Final

from actors.strategies.synthesis.figures import rounded, track_in
from projections.analytics.deflated import Track, deflated_sharpe, expected_maximum
from schemas.registry import Payload
from schemas.strategy import StrategyEvaluated, StrategyPromoted, StrategyRetired

STAGE: Final = "paper"
"""What a promoted candidate may do next."""

type Tried = Mapping[str, StrategyEvaluated | None]
"""By candidate, what it came to; ``None`` where its trial failed."""


def verdict(tried: Tried, confidence: float) -> tuple[Payload, ...]:
    """How good the best is, and a word for everybody whose trial did not fail.

    Who was tried first does not matter.

    Args:
        confidence: how probable it must be that the best is better than luck.
    """
    done = {name: came_to for name, came_to in tried.items() if came_to is not None}
    tracks = {
        name: track
        for name, came_to in done.items()
        if (track := track_in(came_to.metrics)) is not None
    }
    if not tracks:
        reason = f"none of {len(tried)} candidates has a Sharpe ratio"
        return tuple(StrategyRetired(strategy=name, reason=reason) for name in sorted(done))
    best = _judged(tracks, trials=len(tried))
    evaluated = StrategyEvaluated(
        strategy=best.name,
        run=done[best.name].run,
        metrics={
            "sharpe": tracks[best.name].sharpe,
            "expected_maximum": best.expected,
            "deflated_sharpe": best.probability,
        },
        trials=len(tried),
    )
    return (evaluated, _of_the_best(best, confidence), *_of_the_others(done, best))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Best:
    """The first of all that were tried.

    Attributes:
        expected: Sharpe ratio that the best of so many has by luck.
        probability: that its own is truly above that.
        ranked: names of all that have a Sharpe ratio, by it.
    """

    expected: float
    probability: float
    trials: int
    ranked: Sequence[str]

    @property
    def name(self) -> str:
        return self.ranked[0]


def _judged(tracks: Mapping[str, Track], trials: int) -> _Best:
    ranked = sorted(tracks, key=lambda name: (-tracks[name].sharpe, name))
    variance = pvariance([each.sharpe for each in tracks.values()])
    probability = deflated_sharpe(tracks[ranked[0]], variance=variance, trials=trials)
    return _Best(
        expected=rounded(expected_maximum(variance, trials)),
        # Moments that contradict each other are no evidence of skill.
        probability=rounded(probability or 0.0),
        trials=trials,
        ranked=ranked,
    )


def _of_the_best(best: _Best, confidence: float) -> Payload:
    found = f"deflated Sharpe ratio {best.probability:.4f} of {best.trials} trials"
    if best.probability >= confidence:
        reason = f"{found} reaches {confidence:g}"
        return StrategyPromoted(strategy=best.name, stage=STAGE, reason=reason)
    return StrategyRetired(strategy=best.name, reason=f"{found} does not reach {confidence:g}")


def _of_the_others(names: Iterable[str], best: _Best) -> Iterator[Payload]:
    for place, name in enumerate(best.ranked[1:], 2):
        reason = f"place {place} of {best.trials} by Sharpe ratio"
        yield StrategyRetired(strategy=name, reason=reason)
    for name in sorted({*names}.difference(best.ranked)):
        yield StrategyRetired(strategy=name, reason="it has no Sharpe ratio")
