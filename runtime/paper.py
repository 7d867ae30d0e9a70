"""An exchange on paper: a cell of its own that trades nothing, and takes orders of others."""

from collections.abc import Sequence
from importlib.metadata import version

import msgspec

from actors.execution.paper.clerk import Clerk
from actors.execution.venue import Subscriptions
from runtime.code import code_digest
from runtime.config import ExchangeTerms, digest_of
from runtime.instruments import KnownInstrument
from runtime.recognising import NOBODY
from runtime.wired import WiredCell
from runtime.wiring import venues_of
from schemas.cell import CellStarted


def wire_exchange(
    terms: ExchangeTerms,
    sources: Sequence[str],
    instruments: Sequence[KnownInstrument],
    clerk: Clerk,
) -> WiredCell:
    """Make the cell that is an exchange on paper; it can run once.

    Raises:
        UserError: an account does not fit the instruments.
    """
    venues = venues_of(terms, instruments)
    configuration = msgspec.json.encode((terms, sources), order="deterministic")
    return WiredCell(
        instruments=tuple(instruments),
        recognising=NOBODY,
        deciders=(clerk,),
        subscriptions=Subscriptions(),
        venues=venues,
        started=CellStarted(
            code_hash=code_digest(()),
            config_hash=digest_of((terms, sources)),
            deciders=(clerk.author,),
            configuration=configuration.decode(),
            version=version("wakeline"),
        ),
    )
