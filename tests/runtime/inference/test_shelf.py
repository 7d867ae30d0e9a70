"""The shelf of a home: models that come with the program, and those that were promoted."""

from pathlib import Path

import msgspec
import pytest

from actors.patterns.config import PatternConfig
from actors.patterns.models.card import read_card
from actors.patterns.recogniser import Abstention
from actors.patterns.serving.moments import questions_of
from runtime.home import Home
from runtime.inference.shelf import HomeShelf, Wish
from schemas.errors import UserError
from tests.runtime.inference.asking import SHIPPED_MODEL, keep_a_model
from tests.support.walks import MINUTE, walked


def wish(use: str, model: str = "fast-eurusd") -> Wish:
    fast = PatternConfig(use="fast", parameters={"model": model})
    return Wish(use=use, interval="1m", instruments=2, configs=(fast,))


@pytest.fixture
def shelf(tmp_path: Path) -> HomeShelf:
    return HomeShelf(Home.create(tmp_path), "cpu")


@pytest.mark.parametrize("use", ["fast", "ensemble"])
def test_what_it_opens_answers(shelf: HomeShelf, use: str) -> None:
    opened = shelf.open(Wish(use=use, interval="1m", instruments=1, configs=()), spare=False)
    assert (opened.device, opened.fallback) == ("cpu", None)
    candles = {"EUR/USD.FXCM": walked(1, opened.recogniser.bars)}
    (answer,) = opened.recogniser.recognise(questions_of(candles, "1m", MINUTE))
    assert not isinstance(answer, Abstention) or answer.reason == "no_quorum"


def test_another_model_under_the_same_name_is_another_version(tmp_path: Path) -> None:
    home = Home.create(tmp_path)
    shelf = HomeShelf(home, "cpu")
    shipped = shelf.version(wish("fast"))
    assert shipped == read_card(SHIPPED_MODEL).digest
    own = keep_a_model(home)
    assert shelf.version(wish("fast")) == own
    assert shelf.version(wish("ensemble")) == own


def test_a_model_that_is_not_there_is_named(shelf: HomeShelf) -> None:
    with pytest.raises(UserError, match="model 'nobody': there is no such model"):
        shelf.version(wish("fast", "nobody"))


def test_wishes_are_one_where_one_model_fulfils_them() -> None:
    assert wish("fast").name == msgspec.structs.replace(wish("fast"), interval="5m").name
    assert wish("fast").name != wish("fast", "other").name
