"""A program that a test kills: it appends and flushes for ever, and says what was acknowledged.

    python -m tests.contracts.victim market_log|journal MODULE:FUNCTION FOLDER SEED

``MODULE:FUNCTION`` gives the log of a folder. Each line of the output is the number of rows or
steps that were acknowledged as durable.
"""

import sys
from pkgutil import resolve_name
from random import Random

from events.journal import Journal
from events.market_log import MarketLog
from tests.contracts.market_log import SOURCE, append
from tests.support.steps import append_steps


def write_market(log: MarketLog, chance: Random) -> None:
    """Batches of all sizes, one to five of them a flush."""
    with log.open(SOURCE) as writer:
        assert writer.next_seq == int(writer.checkpoint or b"0")
        while True:
            append(writer, *(chance.randint(1, 3_000) for _ in range(chance.randint(1, 5))))
            writer.flush()
            print(writer.next_seq, flush=True)


def write_journal(journal: Journal, chance: Random) -> None:
    """One to 500 steps a flush."""
    with journal.open() as writer:
        epoch = writer.head.epoch + 1
        while True:
            append_steps(writer, chance.randint(1, 500), epoch=epoch)
            print(writer.flush() + 1, flush=True)


if __name__ == "__main__":
    port, place, folder, seed = sys.argv[1:]
    log, chance = resolve_name(place)(folder), Random(int(seed))
    if port == "market_log":
        write_market(log, chance)
    else:
        write_journal(log, chance)
