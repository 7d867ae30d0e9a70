"""A model's card as one HTML file that needs nothing else."""

from actors.patterns.models.card import CLASSES, FIGURES, JUDGED, Card
from runtime.report.environment import environment
from runtime.report.model_figures import (
    JUDGES_WIDTH,
    SIDE,
    confusion,
    judges,
    reliability,
)


def model_page(card: Card) -> str:
    """What the model is and how good it was out of sample, drawn. The same card, the same text."""
    return (
        environment()
        .get_template("model.html")
        .render(
            card=card,
            judged=card.metrics.get(JUDGED, {}),
            classes=CLASSES,
            figures=FIGURES,
            side=SIDE,
            judges_width=JUDGES_WIDTH,
            reliability=reliability(card.curve),
            confusion=confusion(card.confusion),
            judges=judges(card.metrics),
        )
    )
