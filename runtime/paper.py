"""An exchange on paper: a cell of its own that trades nothing, and takes orders of others."""

from collections.abc import Sequence

from actors.execution.paper.clerk import Clerk
from actors.execution.venue import Subscriptions
from runtime.config import ExchangeTerms, digest_of
from runtime.instruments import KnownInstrument
from runtime.recognising import NOBODY
from runtime.started import started_by
from runtime.wired import WiredCell
from runtime.wiring import venues_of


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
    deciding = (terms, sources)
    return WiredCell(
        instruments=tuple(instruments),
        recognising=NOBODY,
        deciders=(clerk,),
        subscriptions=Subscriptions(),
        venues=venues,
        started=started_by(clerk.author, deciding, digest_of(deciding)),
    )
