"""MiniCPM-V's real classes, end to end, on a tiny model of their own configuration."""

from pathlib import Path

import pytest
import torch

from actors.patterns.charts.digest import chart_hash
from actors.patterns.charts.several import several_intervals
from actors.patterns.models.card import UnusableModel
from actors.patterns.models.minicpm import MiniCpm
from actors.patterns.recogniser import Abstention, Answer, Question
from actors.patterns.vision.reading import EXAMPLE
from actors.patterns.vision.server import BARS
from tests.actors.patterns.models import tiny_minicpm
from tests.support.walks import MINUTE, walked

QUESTION = Question(
    request="r", instrument="A", interval="1m", interval_ns=MINUTE, panel={"A": walked(1, BARS)}
)
PICTURE = several_intervals("1m", QUESTION.candles)


@pytest.fixture(scope="module")
def ignorant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ignorant")
    words = tiny_minicpm.processor()
    words.save_pretrained(folder)
    tiny_minicpm.model(words.tokenizer).save_pretrained(folder)
    return folder


def answered(recogniser: MiniCpm) -> Answer:
    (answer,) = recogniser.recognise([QUESTION])
    return answer


def reason(answer: Answer) -> str:
    assert isinstance(answer, Abstention), answer
    return answer.reason


def test_an_answer_by_the_schema_is_recognised() -> None:
    words = tiny_minicpm.processor()
    model = tiny_minicpm.taught(tiny_minicpm.model(words.tokenizer), words, PICTURE, EXAMPLE)
    answer = answered(MiniCpm(words, model, timeout_s=60))
    assert isinstance(answer, tuple), answer
    (seen,) = answer
    assert (seen.pattern, seen.direction, seen.confidence) == ("double_top", "short", 0.55)
    assert seen.horizon == 12 * MINUTE
    assert seen.chart_hash == chart_hash(PICTURE)
    assert not seen.calibrated


def test_words_that_are_no_schema_are_malformed() -> None:
    words = tiny_minicpm.processor()
    model = tiny_minicpm.taught(tiny_minicpm.model(words.tokenizer), words, PICTURE, "up")
    assert reason(answered(MiniCpm(words, model, timeout_s=60))) == "malformed"


def test_an_answer_without_end_is_cut_off(ignorant: Path) -> None:
    recogniser = MiniCpm.open(str(ignorant), device="cpu", timeout_s=60, tokens_max=5)
    assert reason(answered(recogniser)) == "endless"


def test_an_answer_that_takes_too_long_is_given_up(ignorant: Path) -> None:
    recogniser = MiniCpm.open(str(ignorant), device="cpu", timeout_s=0.001, tokens_max=1_000)
    assert reason(answered(recogniser)) == "timeout"


def test_memory_that_ends_is_an_abstention(ignorant: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recogniser = MiniCpm.open(str(ignorant), device="cpu")

    def full(**_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(recogniser._model, "generate", full)
    assert reason(answered(recogniser)) == "out_of_memory"


def test_its_digest_is_of_its_weights(ignorant: Path) -> None:
    one, two = (MiniCpm.open(str(ignorant), device="cpu") for _ in range(2))
    assert one.model_digest == two.model_digest
    words = tiny_minicpm.processor()
    other = tiny_minicpm.model(words.tokenizer)
    with torch.no_grad():
        next(iter(other.parameters())).add_(1)
    assert MiniCpm(words, other).model_digest != one.model_digest


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableModel, match="minicpm"):
        MiniCpm.open(str(tmp_path), device="cpu")
