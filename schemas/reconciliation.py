"""Where the venue's books and ours disagree."""

from schemas.registry import Payload, event


@event("reconciliation.difference", decision=False)
class ReconciliationDifference(Payload, frozen=True, kw_only=True):
    """The venue reports something that our journal does not explain."""

    subject: str
    instrument: str
    ours: str
    theirs: str
