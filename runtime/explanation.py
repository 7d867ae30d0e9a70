"""Where ``why`` looks: in one run, or in all of a home, the newest first."""

import msgspec

from events.backends.sqlite.index import SqliteJournalIndex
from events.lineage import Lineage, Link
from runtime.backends import backend_of, journal_of
from runtime.following import last_events
from runtime.history import figures_of
from runtime.home import Home, RunDirectory
from schemas.errors import UserError


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to ``why``.

    Attributes:
        id: what was asked for.
        chain: from it back to the market event, that one last.
        outcome: what followed from it, in the journal's order.
    """

    id: str
    run: str
    chain: list[Link]
    outcome: list[Link]


class Unknown(UserError):
    """No event, order, trade or tick has that name."""


def explain(home: Home, identifier: str, run: str | None = None) -> Explanation:
    """Explain an event, order, trade or tick.

    Args:
        identifier: its name, or the beginning of it.
        run: id of the run to look in (or its beginning); all runs without it.

    Raises:
        Unknown: nothing is called so.
        Ambiguous: more than one name begins so.
        HomeError: there is no such run.
    """
    directories = [home.find_journal(run)] if run else [*reversed(home.journals())]
    for directory in directories:
        if (answer := _in_run(directory, identifier)) is not None:
            return answer
    where = f"run {directories[0].run}" if run else f"{len(directories)} runs of {home.path}"
    raise Unknown(f"{identifier!r}: no event, order, trade or tick of that name in {where}")


def last_order(directory: RunDirectory) -> str:
    """Id of risk's last word in a run about an order: a veto if there was any.

    Raises:
        Unknown: no order came before risk.
    """
    journal, figures = journal_of(directory), figures_of(directory)
    # Looking for a veto that is not there reads the whole journal.
    stopped = () if figures is not None and not figures.vetoes else ("order.vetoed",)
    for kind in (*stopped, "order.approved"):
        for event in last_events(journal, 1, (kind,), journal.end()):
            return event.id
    raise Unknown(f"run {directory.run}: no order came before risk")


def _in_run(directory: RunDirectory, name: str) -> Explanation | None:
    journal = journal_of(directory)
    index = SqliteJournalIndex(directory.index)
    index.catch_up(journal)
    lineage = Lineage(journal, index, backend_of(directory).market_rows())
    if (found := lineage.find(name)) is not None:
        chain, outcome = lineage.chain(found), lineage.outcome(found)
    elif (tick := lineage.tick(name)) is not None:
        chain, outcome = tick
    else:
        return None
    return Explanation(id=name, run=directory.run, chain=chain, outcome=outcome)
