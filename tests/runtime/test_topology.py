"""A topology says what runs, and a wrong one which field is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import UNSET

from actors.execution.attempts import Lease
from actors.patterns.models.memory_limit import MemoryLimit
from actors.risk.firm import FirmLimits
from runtime.config import ConfigError
from runtime.topology import Topology
from runtime.topology_file import load_topology

FEED = """
[[feeds]]
name = "fxcm"
pace = 60
[feeds.data]
paths = ["ticks.zip"]
instruments = ["EUR/USD"]
venue = "FXCM"
"""
CELL = """
[[cells]]
name = "paper"
[[cells.strategies]]
use = "ema_cross"
parameters = { fast = 5 }
[cells.risk]
max_position = 1000
"""
GATEWAY = """
[[inference]]
name = "models"
replicas = 2
serving = { batch_max = 8 }
"""
OUTSIDE = """
[[exchanges]]
name = "outside"
currency = "USD"
[[execution]]
name = "desk"
exchange = "outside"
lasts_ms = 500
"""
FIRM = """
[[firm]]
name = "house"
max_drawdown = "0.1"
on_breach = "flatten"
"""
SEARCH = """
[[synthesis]]
name = "channels"
replicas = 2
currency = "USD"
[[synthesis.strategies]]
use = "donchian_breakout"
[synthesis.search.space]
period = [10, 20]
"""
IN_DOLLARS = CELL.replace('"paper"', '"paper"\ncurrency = "USD"')
SECOND = IN_DOLLARS.replace("paper", "other")
AWAY = 'placement = { node = "x" }'


def loaded(folder: Path, text: str) -> Topology:
    path = folder / "topology.toml"
    path.write_text(text, encoding="utf-8")
    return load_topology(path)


def test_a_cell_is_configured_as_a_backtest_of_its_feeds(tmp_path: Path) -> None:
    topology = loaded(tmp_path, FEED + CELL)
    (cell,) = topology.cells
    assert cell.feeds == ("fxcm",)
    assert cell.trading.data == tuple(feed.data for feed in topology.feeds)
    assert cell.trading.data[0].paths == (str(tmp_path / "ticks.zip"),)
    assert cell.trading.strategies[0].parameters == {"fast": 5}
    assert cell.trading.risk.max_position == 1000
    assert topology.projector.enabled
    assert topology.host.kind == "process"


def test_a_gateway_answers_all_cells_unless_it_is_told_whom(tmp_path: Path) -> None:
    second = CELL.replace("paper", "other")
    (gateway,) = loaded(tmp_path, FEED + CELL + second + GATEWAY).inference
    assert gateway.cells == ("paper", "other")
    assert gateway.members == ("models-0", "models-1")
    assert gateway.serving.batch_max == 8
    topology = loaded(tmp_path, FEED + CELL + second + GATEWAY + 'cells = ["other"]')
    assert topology.inference[0].cells == ("other",)
    assert len(topology.placements) == 6, "every member has a place"


@pytest.mark.parametrize(("gpus", "share"), [(0, 1.0), (0.25, 0.25), (1, 1.0), (2, 1.0)])
def test_who_reserves_a_part_of_a_gpu_may_take_that_part_of_its_memory(
    tmp_path: Path, gpus: float, share: float
) -> None:
    text = f"{FEED}{CELL}{GATEWAY}placement = {{ gpus = {gpus} }}\n"
    (gateway,) = loaded(tmp_path, text).inference
    assert gateway.memory == MemoryLimit(share=share)


def test_a_cell_whose_orders_leave_it_is_configured_so(tmp_path: Path) -> None:
    second = CELL.replace("paper", "other")
    topology = loaded(tmp_path, FEED + CELL + second + OUTSIDE + 'cell = "other"')
    assert [cell.trading.execution for cell in topology.cells] == [UNSET, "gateway"]
    (gateway,), (exchange,) = topology.execution, topology.exchanges
    assert gateway.cell == "other"
    assert gateway.lease == Lease(lasts=500_000_000)
    assert exchange.feeds == ("fxcm",)
    assert exchange.terms.currency == "USD"
    assert len(topology.placements) == 6


def test_a_firm_watches_all_cells_unless_it_is_told_which(tmp_path: Path) -> None:
    topology = loaded(tmp_path, FEED + IN_DOLLARS + SECOND + FIRM)
    (firm,) = topology.firm
    assert firm.cells == ("paper", "other")
    assert firm.limits == FirmLimits(max_drawdown=Decimal("0.1"), on_breach="flatten")
    assert len(topology.placements) == 5
    alone = loaded(tmp_path, FEED + CELL + SECOND + FIRM + 'cells = ["paper"]')
    assert alone.firm[0].cells == ("paper",), "whose currency is nobody else's matter"


def test_a_search_needs_no_cell(tmp_path: Path) -> None:
    topology = loaded(tmp_path, FEED + SEARCH)
    (search,) = topology.synthesis
    assert topology.cells == ()
    assert search.search.space == {"period": (10, 20)}
    assert search.trading.currency == "USD"
    assert search.members == ("channels-0", "channels-1")
    assert len(topology.placements) == 5


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (FEED + CELL + FIRM + 'cells = ["x"]', r"`firm\[0\].cells`: there is no cell 'x'"),
        (
            FEED + IN_DOLLARS + SECOND.replace("USD", "EUR") + FIRM,
            r"`firm\[0\].cells`: accounts in EUR and USD do not add up",
        ),
        (FEED + CELL + SECOND + FIRM, "accounts in USD and an unsaid currency do not add up"),
        (
            FEED + CELL + FIRM + FIRM.replace("house", "other"),
            r"`firm\[1\].cells`: 'paper' has 'house' already",
        ),
        (FEED + CELL + FIRM.replace("0.1", "-1"), "`max_drawdown` must not be negative"),
        (FEED + CELL + FIRM + AWAY, r"`firm\[0\].placement.node`"),
        (CELL, "missing required field `feeds`"),
        (FEED, "`cells`: there is none, and no `synthesis` either"),
        (FEED + OUTSIDE + SEARCH, r"`execution\[0\].cell`: there is no cell ''"),
        (FEED + SEARCH.replace("[10, 20]", "[]"), "`space.period` needs different values"),
        (FEED + SEARCH.replace("[10, 20]", "10"), r"`synthesis\[0\]\.search\.space"),
        (FEED + SEARCH.replace("replicas = 2", "replicas = 0"), r"`synthesis\[0\]\.replicas`"),
        (FEED + SEARCH.replace("currency", "start"), r"`synthesis\[0\]\.start`: there is none"),
        (FEED + SEARCH.replace('USD"', 'USD"\nfeeds = ["x"]'), "there is no feed 'x'"),
        (FEED + SEARCH.replace('USD"', f'USD"\n{AWAY}'), r"`synthesis\[0\].placement.node`"),
        (FEED + CELL + SEARCH.replace("channels", "paper"), "'paper' is there 2 times"),
        (f'host = {{ kind = "inline" }}\n{FEED}{SEARCH}', "inline runs one cell"),
        (FEED.replace("pace = 60", "pace = -1") + CELL, r"\$\.feeds\[0\]\.pace"),
        (FEED.replace("pace", "speed") + CELL, r"unknown field `speed` - at `\$\.feeds\[0\]`"),
        (FEED + CELL.replace("fast = 5", "fast = [5]"), r"`cells\[0\]\.strategies\[0\]\.param"),
        (FEED + CELL.replace("max_position", "max_hope"), r"`max_hope` - at `cells\[0\]\.risk`"),
        (FEED + CELL + '[[cells]]\nname = "paper"\nstrategies = [{ use = "x" }]', "2 times"),
        (FEED + CELL.replace('"paper"', '"Pa per"'), "'Pa per' is none"),
        (FEED + CELL.replace('"paper"', '"projector"'), "'projector' is there 2 times"),
        (FEED + CELL + GATEWAY + 'cells = ["x"]', r"`inference\[0\].cells`: there is no cell 'x'"),
        (FEED + CELL + OUTSIDE + 'cell = "x"', r"`execution\[0\].cell`: there is no cell 'x'"),
        (
            FEED + CELL + CELL.replace("paper", "other") + OUTSIDE,
            r"`execution\[0\].cell`: which of paper, other\?",
        ),
        (
            FEED
            + CELL
            + CELL.replace("paper", "other")
            + OUTSIDE
            + 'cell = "paper"\n[[execution]]\nname = "two"\nexchange = "outside"\ncell = "other"',
            r"`execution\[1\].exchange`: 'outside' has 'desk' already",
        ),
        (
            FEED + CELL + OUTSIDE.replace('exchange = "outside"', 'exchange = "x"'),
            r"`execution\[0\].exchange`: there is no exchange 'x'; there is outside",
        ),
        (
            FEED + CELL + OUTSIDE.replace("[[execution]]", 'feeds = ["x"]\n[[execution]]'),
            r"`exchanges\[0\].feeds`: there is no feed 'x'",
        ),
        (
            FEED + CELL + OUTSIDE + '[[execution]]\nname = "two"\nexchange = "outside"',
            r"`execution\[1\].cell`: 'paper' has 'desk' already",
        ),
        (FEED + CELL + OUTSIDE + AWAY, r"`execution\[0\].placement.node`"),
        (
            FEED + CELL.replace('"paper"', '"paper"\nexecution = "gateway"'),
            r"`cells\[0\].execution`: a cell has none: `\[\[execution\]\]` names its cells",
        ),
        (f'{FEED}{CELL}{OUTSIDE}[host]\nkind = "inline"', "`host.kind`: inline runs one cell"),
        (FEED + CELL + 2 * GATEWAY, "'models-0' is there 2 times"),
        (
            FEED + CELL + GATEWAY + GATEWAY.replace("models", "others"),
            r"`inference\[1\].cells`: 'paper' has 'models' already",
        ),
        (FEED + CELL + GATEWAY + AWAY, r"`inference\[0\].placement.node`"),
        (FEED + CELL.replace('"paper"', '"paper"\nfeeds = ["x"]'), r"`cells\[0\]\.feeds`: there"),
        (
            FEED + CELL.replace('"paper"', '"paper"\n' + AWAY),
            r"`cells\[0\]\.placement\.node`: it wo",
        ),
        (
            FEED.replace("pace = 60", AWAY) + CELL,
            r"`feeds\[0\]\.placement\.node`: it works on file",
        ),
        (FEED + CELL + "[projector]\n" + AWAY, r"`projector\.placement\.node`: it works on files"),
        (FEED + CELL.replace('"paper"', '"paper"\nstart = 2014-05-01'), r"`cells\[0\]\.start`"),
        (
            f'{FEED}{CELL}{CELL.replace("paper", "two")}[host]\nkind = "inline"',
            "`host.kind`: inline runs one cell",
        ),
        (FEED + CELL + '[host]\nkind = "cloud"', r"cloud.*\$\.host\.kind"),
        (FEED + CELL + "[host.restart]\nbackoff_max_ms = 1", "`backoff_max_ms` must not be below"),
        (FEED + CELL + "[", "topology.toml"),
    ],
)
def test_a_wrong_topology_names_the_field(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint) as raised:
        loaded(tmp_path, text)
    assert str(raised.value).startswith(str(tmp_path / "topology.toml"))


def test_a_topology_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        load_topology(tmp_path / "none.toml")


def test_logs_in_kafka_are_there_for_every_node(tmp_path: Path) -> None:
    text = 'journal = { backend = "kafka" }\n' + FEED + CELL.replace('"paper"', '"paper"\n' + AWAY)
    topology = loaded(tmp_path, text)
    assert [placement.node for placement in topology.placements] == ["", "x", ""]
