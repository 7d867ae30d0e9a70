"""The shelf of a home: models that come with the program, and those that were promoted."""

from pathlib import Path

import msgspec
import pytest

from actors.patterns.config import PatternConfig
from actors.patterns.models.card import read_card
from actors.patterns.models.memory_limit import MemoryLimit
from actors.patterns.recogniser import Abstention, Recogniser
from actors.patterns.serving.moments import questions_of
from runtime.home import Home
from runtime.inference import shelf as module
from runtime.inference.shelf import HomeShelf, Wish
from runtime.serving import Device
from schemas.errors import UserError
from tests.runtime.inference.asking import SHIPPED_MODEL, Follower, keep_a_model
from tests.support.walks import MINUTE, walked


def wish(use: str, model: str = "fast-eurusd") -> Wish:
    fast = PatternConfig(use="fast", parameters={"model": model})
    return Wish(use=use, interval="1m", instruments=2, configs=(fast,))


@pytest.fixture
def shelf(tmp_path: Path) -> HomeShelf:
    return HomeShelf(Home.create(tmp_path), "cpu", MemoryLimit())


@pytest.mark.parametrize("use", ["fast", "ensemble"])
def test_what_it_opens_answers(shelf: HomeShelf, use: str) -> None:
    opened = shelf.open(Wish(use=use, interval="1m", instruments=1, configs=()), spare=False)
    assert (opened.device, opened.fallback) == ("cpu", None)
    candles = {"EUR/USD.FXCM": walked(1, opened.recogniser.bars)}
    (answer,) = opened.recogniser.recognise(questions_of(candles, "1m", MINUTE))
    assert not isinstance(answer, Abstention) or answer.reason == "no_quorum"


def test_another_model_under_the_same_name_is_another_version(tmp_path: Path) -> None:
    home = Home.create(tmp_path)
    shelf = HomeShelf(home, "cpu", MemoryLimit())
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


class OnAGpu:
    """Models that say that they are on a GPU, and write down when one is opened there."""

    def __init__(self, opened: list[str], device: Device) -> None:
        self._opened, self._device = opened, device

    def device(self, name: str) -> str:
        return self._device

    def __getitem__(self, name: str) -> Recogniser:
        self._opened.append(f"{name} on {self._device}")
        return Follower()


def test_a_gpus_memory_is_limited_before_a_model_is_opened_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(module, "ServedModels", lambda _, __, device: OnAGpu(done, device))
    monkeypatch.setattr(module, "hold_to", lambda limit: done.append(f"held to {limit.mb}"))
    limited = HomeShelf(Home.create(tmp_path), "cuda", MemoryLimit(mb=512))
    asked = Wish(use="minicpm", interval="1m", instruments=1, configs=())
    assert limited.open(asked, spare=False).device == "cuda"
    assert limited.open(asked, spare=True).device == "cpu"
    assert done == ["held to 512", "minicpm on cuda", "minicpm on cpu"]
