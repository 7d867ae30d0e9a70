"""What a cell without strategies says about itself."""

from importlib.metadata import version

import msgspec

from runtime.code import code_digest
from runtime.config import digest_of
from schemas.cell import CellStarted


def started_by(author: str, terms: object) -> CellStarted:
    """The word of a cell whose one decider goes by ``terms``."""
    return CellStarted(
        code_hash=code_digest(()),
        config_hash=digest_of(terms),
        deciders=(author,),
        configuration=msgspec.json.encode(terms, order="deterministic").decode(),
        version=version("wakeline"),
    )
