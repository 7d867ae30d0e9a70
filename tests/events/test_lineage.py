"""Why: every link from an order back to its tick, and forward to what came of it."""

from itertools import pairwise
from pathlib import Path

import pytest

from events.backends.sqlite.index import SqliteJournalIndex
from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_rows import SqliteMarketRows
from events.lineage import Ambiguous, Lineage, Link
from runtime.home import Home
from schemas.order import Side
from schemas.signal import SignalRaised
from tests.support.handmade import (
    RUN,
    SOURCE,
    Writing,
    bar_at,
    decided,
    given,
    tick_ts,
    write_market,
    write_run,
)

BACK_TO_THE_TICK = ["order.requested", "signal.raised", "market.bar", "market.quote"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.create(tmp_path)
    write_market(made)
    return made


@pytest.fixture
def lineage(home: Home) -> Lineage:
    write_run(home)
    return lineage_in(home, RUN)


def lineage_in(home: Home, run: str) -> Lineage:
    directory = home.run_dir(run)
    journal, index = SqliteJournal(directory.journal), SqliteJournalIndex(directory.index)
    index.catch_up(journal)
    return Lineage(journal, index, SqliteMarketRows(home.market))


def explained(lineage: Lineage, name: str) -> tuple[list[Link], list[Link]]:
    found = lineage.find(name)
    assert found is not None
    return lineage.chain(found), lineage.outcome(found)


def kinds(links: list[Link]) -> list[str]:
    return [link.kind for link in links]


def order_on(number: int, side: Side) -> str:
    return decided(bar_at(number), side)[2]


def test_an_order_goes_back_to_the_tick_through_risk_sizing_strategy_and_bar(
    lineage: Lineage,
) -> None:
    chain, _ = explained(lineage, order_on(10, Side.BUY))
    assert kinds(chain) == ["order.approved", *BACK_TO_THE_TICK]
    assert [link.position for link in chain] == [
        f"{RUN}:1.4",
        f"{RUN}:1.3",
        f"{RUN}:1.2",
        f"{RUN}:1.0",
        f"{SOURCE}:10",
    ]
    for later, earlier in pairwise(chain):
        assert later.ts >= earlier.ts


def test_the_tick_at_the_end_has_the_values_of_the_market_log(lineage: Lineage) -> None:
    tick = explained(lineage, order_on(10, Side.BUY))[0][-1]
    assert (tick.id, tick.author, tick.ts) == (f"{SOURCE}:10", SOURCE, tick_ts(10))
    assert {name: str(value) for name, value in tick.payload.items()} == {
        "instrument": "EUR/USD.FXCM",
        "bid": "0.00010",
        "ask": "0.00012",
        "bid_size": "1000000",
        "ask_size": "1000000",
    }


def test_what_came_of_an_order_is_told_in_the_journals_order(lineage: Lineage) -> None:
    _, outcome = explained(lineage, order_on(10, Side.BUY))
    assert kinds(outcome) == [
        "order.submitted",
        "order.accepted",
        "order.filled",
        "position.changed",
        "portfolio.valued",
    ]


def test_an_order_that_was_not_sent_names_the_rule_its_limit_and_the_value(
    lineage: Lineage,
) -> None:
    chain, outcome = explained(lineage, order_on(60, Side.BUY))
    assert kinds(chain) == ["order.vetoed", *BACK_TO_THE_TICK]
    assert chain[0].payload["failed"] == {"rule": "notional", "limit": "500000", "value": "1000000"}
    assert outcome == []


def test_a_trade_is_found_by_the_venues_id(lineage: Lineage) -> None:
    chain, outcome = explained(lineage, "T-2")
    assert kinds(chain) == ["order.filled", "order.approved", *BACK_TO_THE_TICK]
    assert kinds(outcome) == ["position.changed", "portfolio.valued"]


def test_a_signal_tells_which_order_and_fill_it_became(lineage: Lineage) -> None:
    signal = decided(bar_at(40), Side.SELL)[0]
    chain, outcome = explained(lineage, signal.id)
    assert kinds(chain) == BACK_TO_THE_TICK[1:]
    assert kinds(outcome)[:3] == ["order.requested", "order.approved", "order.filled"]


def test_a_withheld_signal_goes_back_to_its_tick(lineage: Lineage) -> None:
    bar = lineage.find(bar_at(80).id)
    assert bar is not None
    withheld = lineage.outcome(bar)
    assert kinds(withheld) == ["signal.withheld"]
    assert kinds(explained(lineage, withheld[0].id)[0]) == [
        "signal.withheld",
        "market.bar",
        "market.quote",
    ]


def test_the_beginning_of_a_name_is_enough_when_it_is_the_only_one(lineage: Lineage) -> None:
    order = order_on(60, Side.BUY)
    assert explained(lineage, order[:12]) == explained(lineage, order)
    with pytest.raises(Ambiguous, match="begins more than one name: T-1, T-2"):
        lineage.find("T-")


def test_nothing_is_found_under_a_name_that_nobody_has(lineage: Lineage) -> None:
    assert lineage.find("zzz") is None
    assert lineage.tick("zzz") is None
    assert lineage.tick(f"{SOURCE}:100000") is None
    assert lineage.tick("unknown-source:1") is None


def test_a_tick_tells_what_it_set_off(lineage: Lineage) -> None:
    told = lineage.tick(f"{SOURCE}:60")
    assert told is not None
    chain, outcome = told
    assert kinds(chain) == ["market.quote"]
    assert kinds(outcome) == ["market.bar", "signal.raised", "order.requested", "order.vetoed"]


def test_a_first_cause_ends_at_the_tick_the_market_had_come_to(lineage: Lineage) -> None:
    chain, _ = explained(lineage, "stop")
    assert [link.id for link in chain] == ["stop", f"{SOURCE}:80"]


def test_causes_that_go_in_a_circle_come_to_an_end(home: Home) -> None:
    with Writing(home, "circle") as journal:
        for name, cause in (("one", "two"), ("two", "one")):
            wish = SignalRaised(instrument="EUR/USD.FXCM", direction="long")
            journal.step(given(name, "strategy", tick_ts(1), wish, cause=cause))
    chain, outcome = explained(lineage_in(home, "circle"), "one")
    assert kinds(chain)[:2] == ["signal.raised", "signal.raised"]
    assert [link.id for link in outcome] == ["two"]
