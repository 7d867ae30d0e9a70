"""What a network must beat: the majority, a logistic regression and boosted trees on its features.

They read the newest row of features, a sample an instrument; scikit-learn is imported here alone.
"""

from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from actors.patterns.models.architecture import DIRECTIONS
from projections.analytics.series import Doubles

BASELINES: Final = ("majority", "logistic", "boosting")


class _Classifier(Protocol):
    classes_: NDArray[np.int64]

    def fit(self, rows: Any, classes: Any) -> Any: ...

    def predict_proba(self, rows: Any) -> Doubles: ...


def baseline(
    name: str, rows: NDArray[np.float32], classes: NDArray[np.int64], asked: NDArray[np.float32]
) -> Doubles:
    """Probabilities of down, flat, up for ``asked`` after learning from ``rows`` and ``classes``.

    Args:
        name: one of ``BASELINES``.
        rows, asked: float32[n, columns].

    Returns:
        float64[len(asked), 3].
    """
    if name == "majority":
        shares = np.bincount(classes, minlength=DIRECTIONS) / len(classes)
        return np.tile(shares, (len(asked), 1))
    from threadpoolctl import threadpool_limits

    model = _logistic() if name == "logistic" else _boosting()
    found = np.zeros((len(asked), DIRECTIONS))
    # On a busy machine threads that wait for each other take many times what they save.
    with threadpool_limits(1):
        model.fit(rows, classes)
        found[:, model.classes_] = model.predict_proba(asked)
    return found


def _logistic() -> _Classifier:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    made: _Classifier = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    return made


def _boosting() -> _Classifier:
    from sklearn.ensemble import HistGradientBoostingClassifier

    made: _Classifier = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=100, max_leaf_nodes=15, random_state=7
    )
    return made
