"""Models, and who answers with which of them."""

from schemas.registry import Payload, event


@event("model.served", decision=False)
class ModelServed(Payload, frozen=True, kw_only=True):
    """From here on a gateway answers a recogniser's requests with this model.

    Attributes:
        recogniser: whose requests they are.
        model_digest: names weights and settings, as in the answers.
        device: what it runs on, such as ``cpu`` or ``cuda``.
    """

    recogniser: str
    model_digest: str
    device: str
