"""The page: whole, well-formed, alone, and never a way in for what was recorded."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from events.backends.sqlite.journal import SqliteJournal
from events.backends.sqlite.market_log import SqliteMarketLog
from runtime.home import Home
from runtime.report.data import ReportData
from runtime.report.gather import NothingToReport, gather
from runtime.report.render import render
from runtime.reporting import write_report
from tests.support.handmade import (
    RUN,
    SOURCE,
    Writing,
    given,
    started,
    tick_ts,
    write_market,
    write_run,
)

VOID = {"meta", "br", "img", "input", "link"}


class Page(HTMLParser):
    """Checks that elements close in the order in which they opened, and collects what matters."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data
        elif self.open and self.open[-1] != "style":
            self.texts.append(data.strip())


def gathered(home: Home, *commands: str) -> ReportData:
    journal = SqliteJournal(home.find_run().journal)
    return gather(journal, SqliteMarketLog(home.market), commands)


def test_the_data_is_what_was_recorded(recorded: Home) -> None:
    data = gathered(recorded)
    (chart,) = data.charts
    assert (chart.instrument, chart.ticks, chart.precision) == ("EUR/USD.FXCM", 81, 5)
    assert [(str(fill.price), fill.opens) for fill in chart.fills] == [
        ("0.00012", True),
        ("0.00041", False),
    ]
    (account,) = data.accounts
    assert (account.start, account.end, account.drawdown_max) == (
        Decimal("10000.00"),
        Decimal("10100.00"),
        0.001,
    )
    assert [month.value for month in account.months] == [pytest.approx(0.01)]
    (trip,) = data.round_trips
    assert str(trip.profit) == "0.25"
    assert dict(data.quality.rows) == {SOURCE: 81}
    assert dict(data.facts.counts)["vetoes"] == 1
    assert data.facts.state == "finished"


def test_the_price_is_the_mid_of_every_tick(recorded: Home) -> None:
    (chart,) = gathered(recorded).charts
    assert chart.price.low.min() == pytest.approx(0.00001)
    assert chart.price.high.max() == pytest.approx(0.00081)


def test_the_page_is_well_formed_and_names_everything_that_was_stopped(recorded: Home) -> None:
    page = Page(render(gathered(recorded, "wakeline backtest config.json")))
    assert page.open == []
    text = " ".join(page.texts)
    for said in (RUN, "wakeline backtest config.json", "notional", "500000", "1000000"):
        assert said in text
    assert "stop price was in the market" in text
    for said in ("warm_up", "26", "order vetoed", "signal withheld", "+100.00", "EUR/USD.FXCM"):
        assert said in text


def test_every_veto_is_on_the_page(home: Home) -> None:
    write_market(home)
    write_run(home, reason="a value that stands nowhere else")
    data = gathered(home)
    text = " ".join(Page(render(data)).texts)
    for veto in data.vetoes:
        assert veto.order in text
        assert veto.value in text
    assert len(data.vetoes) == 1


def test_a_reason_cannot_become_markup_or_end_the_script(home: Home) -> None:
    attack = "</script><script>alert('1')</script><img src=x onerror=alert(2)>"
    write_market(home)
    write_run(home, reason=attack)
    page = Page(render(gathered(home, attack)))
    assert page.open == []
    assert len(page.scripts) == 2
    assert page.texts.count(attack) == 2
    assert not any(name.startswith("on") or name == "src" for name, _ in page.attributes)


def test_an_orders_name_cannot_end_the_script_that_holds_it(recorded: Home) -> None:
    data = gathered(recorded)
    chart = data.charts[0]
    evil = replace(chart.fills[0], order="</script><b>")
    page = Page(render(replace(data, charts=(replace(chart, fills=(evil,)),))))
    model = json.loads(page.scripts[0])
    assert model["charts"][0]["fills"][0]["order"] == "</script><b>"


def test_the_page_asks_nothing_of_the_network(recorded: Home) -> None:
    html = render(gathered(recorded))
    assert re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", html) == []
    assert "default-src 'none'" in html
    assert not {"src", "href", "srcset"} & {name for name, _ in Page(html).attributes}


def test_the_charts_numbers_lead_back_to_the_prices(recorded: Home) -> None:
    model = json.loads(Page(render(gathered(recorded))).scripts[0])
    price = model["charts"][0]["price"]
    assert price["digits"] == 6
    assert [price["low"][0], price["high"][-1]] == [10, 810]
    assert len(price["at"]) == len(price["low"]) == len(price["high"]) == len(price["last"])


def test_the_same_run_gives_the_same_page(recorded: Home) -> None:
    assert render(gathered(recorded)) == render(gathered(recorded))


def test_a_run_without_trades_has_a_page_too(home: Home) -> None:
    with Writing(home, "empty") as journal:
        journal.step(given("start", "cell", tick_ts(0), started()))
    page = Page(render(gathered(home)))
    text = " ".join(page.texts)
    assert page.open == []
    assert "unfinished" in text
    assert "No position was closed." in text
    assert "The account was never valued." in text


def test_a_run_without_steps_has_nothing_to_report(home: Home) -> None:
    directory = home.run_dir("nothing")
    with SqliteJournal(directory.journal).open():
        pass
    with pytest.raises(NothingToReport):
        write_report(home, directory)
    assert not directory.report.exists()


def test_the_written_page_says_how_to_make_and_verify_the_run(recorded: Home) -> None:
    directory = recorded.find_run()
    path = write_report(recorded, directory)
    text = " ".join(Page(path.read_text(encoding="utf-8")).texts)
    assert f"wakeline backtest {directory.config} --home {recorded.path}" in text
    assert f"wakeline replay {RUN} --verify --home {recorded.path}" in text
    assert sorted(each.name for each in directory.path.glob("report*")) == ["report.html"]
