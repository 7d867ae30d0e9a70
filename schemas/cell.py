"""The life of a cell's writer."""

from schemas.registry import Payload, event


@event("cell.started", decision=False)
class CellStarted(Payload, frozen=True, kw_only=True):
    """A writer took the journal over.

    Attributes:
        code_hash: digest of the deciders' code; config_hash: digest of the configuration.
        deciders: authors, in the order in which they see every event.
        configuration: the run's configuration as canonical JSON, enough to run it again.
        version: the program's version.
    """

    code_hash: str
    config_hash: str
    deciders: tuple[str, ...]
    configuration: str
    version: str


@event("cell.live", decision=False)
class CellLive(Payload, frozen=True, kw_only=True):
    """Recovery is over: the cell may open positions."""

    recovered_steps: int


@event("cell.stopped", decision=False)
class CellStopped(Payload, frozen=True, kw_only=True):
    """An orderly end: ``finished`` (the data ended), ``operator``, or ``error`` with its text."""

    reason: str
    error: str = ""
