"""Which models gateways answered with, and from when on."""

from typing import Final

from projections.tables.column import term
from projections.tables.event_table import Values, event_table
from schemas.model import ModelServed


def _values(served: ModelServed) -> Values:
    return served.recogniser, served.model_digest, served.device


MODELS_SERVED: Final = event_table(
    "models_served",
    (ModelServed,),
    (term("recogniser"), term("model"), term("device")),
    _values,
)
"""``model`` is the digest that the answers in ``patterns`` name."""
