"""What a cell without strategies says about itself."""

from importlib.metadata import version

import msgspec

from runtime.code import code_digest
from schemas.cell import CellStarted


def started_by(author: str, terms: object, digest: str) -> CellStarted:
    """The word of a cell whose one decider goes by ``terms``.

    Args:
        digest: of what of them decides.
    """
    return CellStarted(
        code_hash=code_digest(()),
        config_hash=digest,
        deciders=(author,),
        configuration=msgspec.json.encode(terms, order="deterministic").decode(),
        version=version("wakeline"),
    )
