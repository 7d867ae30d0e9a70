"""A strategy is found by name or in a file, or the message says where to look."""

import re
from pathlib import Path

import pytest

from actors.strategies.catalogue import BUILT_IN, code_digest, load
from actors.strategies.ema_cross import EmaCross
from actors.strategies.listing import describe
from actors.strategies.source import StrategyNotFound
from schemas.errors import UserError
from tests.actors.strategies.real_bars import EURUSD

MINE = """
from dataclasses import dataclass

from actors.strategies.hooks import Answer
from actors.strategies.parameters import parameter
from actors.strategies.template import Strategy
from schemas.market import Bar


@dataclass
class Memory:
    closes: int = 0


class Mine(Strategy):
    '''Buys the third bar.'''

    bar: int = parameter(3, ge=1)

    def prepare(self) -> None:
        self.memory = Memory()

    def on_bar(self, bar: Bar) -> Answer:
        self.memory.closes += 1
        return self.long(bar.instrument) if self.memory.closes == self.bar else None


class Helper:
    pass


class Misspelt(Strategy):
    def on_bars(self, bar: Bar) -> Answer:
        return self.long(bar.instrument)
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    return path


def refusal(use: str) -> str:
    with pytest.raises(StrategyNotFound) as refused:
        load(use)
    return str(refused.value)


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_is_found_and_has_its_own_name(name: str) -> None:
    strategy = load(name)([EURUSD])
    assert strategy.author == f"strategy.{name}"
    assert strategy.wants.bars


def test_every_example_in_the_folder_is_built_in() -> None:
    folder = Path(__file__).parents[3] / "actors" / "strategies"
    subclass = re.compile(r"^class \w+\(Strategy\)", re.MULTILINE)
    examples = {path.stem for path in folder.glob("*.py") if subclass.search(path.read_text())}
    assert examples == set(BUILT_IN)


def test_a_users_file_is_loaded(mine: Path) -> None:
    strategy = load(f"{mine}:Mine")([EURUSD], {"bar": 2})
    assert strategy.author == "strategy.mine"
    assert strategy.parameters["bar"] == 2


def test_loading_the_same_text_twice_gives_the_same_class(mine: Path) -> None:
    assert load(f"{mine}:Mine") is load(f"{mine}:Mine")


def test_a_changed_file_is_loaded_anew_and_has_another_digest(mine: Path) -> None:
    before = load(f"{mine}:Mine")
    mine.write_text(MINE.replace("parameter(3", "parameter(4"))
    after = load(f"{mine}:Mine")
    assert (before([EURUSD]).parameters["bar"], after([EURUSD]).parameters["bar"]) == (3, 4)
    assert code_digest(before) != code_digest(after)


def test_the_digest_is_the_texts_and_not_the_places(mine: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").write_text(MINE)
    elsewhere = load(f"{tmp_path / 'elsewhere.py'}:Mine")
    assert code_digest(elsewhere) == code_digest(load(f"{mine}:Mine"))
    assert code_digest(elsewhere) != code_digest(EmaCross)


def test_the_digest_covers_the_strategies_that_one_builds_on(tmp_path: Path) -> None:
    path = tmp_path / "derived.py"
    path.write_text(
        "from actors.strategies.ema_cross import EmaCross\nclass Faster(EmaCross): pass\n"
        "class Alone(EmaCross.__base__): on_bar = EmaCross.on_bar\n"
    )
    assert code_digest(load(f"{path}:Faster")) != code_digest(load(f"{path}:Alone"))


def test_an_unknown_name_is_refused_with_the_nearest_known_one() -> None:
    assert "did you mean ema_cross" in refusal("ema_crss")
    assert "there are bollinger_reversion, buy_and_hold" in refusal("zzz")
    assert issubclass(StrategyNotFound, UserError)


def test_a_missing_file_is_refused_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "none.py"
    assert refusal(f"{path}:Mine") == f"{path}: No such file or directory"


def test_a_file_without_a_class_name_is_refused(mine: Path) -> None:
    assert "must read path/to/file.py:ClassName" in refusal(str(mine))
    assert "must read path/to/file.py:ClassName" in refusal("mine.txt:Mine")


def test_a_class_that_is_not_there_is_refused_with_those_that_are(mine: Path) -> None:
    assert refusal(f"{mine}:Min").endswith("no class 'Min'; did you mean Mine?")
    assert refusal(f"{mine}:Other").endswith("no class 'Other'; it has Mine, Misspelt")


def test_a_class_without_a_hook_is_refused(mine: Path) -> None:
    assert "Misspelt would never act: it has no on_start, on_bar," in refusal(f"{mine}:Misspelt")


def test_a_class_that_is_no_strategy_is_refused(mine: Path) -> None:
    assert refusal(f"{mine}:Helper") == f"{mine}: Helper is no subclass of Strategy"
    assert refusal(f"{mine}:Memory") == f"{mine}: Memory is no subclass of Strategy"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n\nclass Mine(:\n", "line 3: invalid syntax"),
        ("x = 1\ny = x / 0\n", "line 2: ZeroDivisionError: division by zero"),
        ("import no_such_module\n", "line 1: ModuleNotFoundError: No module named"),
        ("def f():\n    g()\n\nf()\n", "line 2: NameError: name 'g' is not defined"),
    ],
)
def test_a_file_that_cannot_be_run_is_refused_with_its_line(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "broken.py"
    path.write_text(text)
    assert refusal(f"{path}:Mine").startswith(f"{path} {message}")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "binary.py"
    path.write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8 text" in refusal(f"{path}:Mine")


def test_a_listing_says_what_a_strategy_does_and_what_can_be_set() -> None:
    listed = describe(EmaCross)
    assert (listed.name, listed.doc) == (
        "EmaCross",
        "Trades each cross of two exponential moving averages of the close.",
    )
    fast = listed.parameters[0]
    assert (fast.name, fast.type, fast.default, fast.bounds, fast.doc) == (
        "fast",
        "int",
        10,
        ">= 1 and <= 500",
        "bars of the fast average",
    )
    assert [known.name for known in listed.parameters] == ["fast", "slow", "interval", "price_type"]
