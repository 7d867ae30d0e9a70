"""What a trial came to, as the figures of a ``strategy.evaluated``, and back."""

from collections.abc import Mapping
from typing import Final

from projections.analytics.deflated import Track

_DIGITS: Final = 6


def rounded(value: float) -> float:
    """To as many digits as other machines compute the same."""
    return round(value, _DIGITS)


def figures_of(track: Track | None) -> dict[str, float]:
    """Its figures, rounded; none where there is no track."""
    if track is None:
        return {}
    return {
        "sharpe": rounded(track.sharpe),
        "skewness": rounded(track.skewness),
        "kurtosis": rounded(track.kurtosis),
        "periods": float(track.periods),
    }


def track_in(figures: Mapping[str, float]) -> Track | None:
    """The track behind ``figures_of``."""
    if "sharpe" not in figures:
        return None
    return Track(
        sharpe=figures["sharpe"],
        periods=int(figures["periods"]),
        skewness=figures["skewness"],
        kurtosis=figures["kurtosis"],
    )
