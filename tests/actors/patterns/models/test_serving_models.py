"""Models from their folders: the same answers everywhere, and clear words when there are none."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from actors.patterns.models.card import CARD, NETWORK, WEIGHTS, UnusableModel
from actors.patterns.models.export import TOLERANCE
from actors.patterns.models.judging import Judgements, Model
from actors.patterns.models.onnx_model import OnnxModel
from actors.patterns.models.torch_model import HALF_TOLERANCE, TorchModel
from tests.actors.patterns.models import made

HEADS = ("direction", "reached", "volatility", "pattern")

DIGEST = """
import sys
from hashlib import blake2b
from pathlib import Path
from actors.patterns.models.onnx_model import OnnxModel
from tests.actors.patterns.models import made
said = OnnxModel.open(Path(sys.argv[1])).judge(made.panels(2, 5))
print(blake2b(b"".join(each.tobytes() for each in (said.direction, said.volatility))).hexdigest())
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made.kept(tmp_path_factory.mktemp("model"))


def on_torch(folder: Path) -> Model:
    return TorchModel.open(folder, "cpu")


def assert_close(one: Judgements, other: Judgements) -> None:
    for head in HEADS:
        np.testing.assert_allclose(
            getattr(one, head), getattr(other, head), atol=TOLERANCE, err_msg=head
        )


@pytest.mark.parametrize(("groups", "instruments"), [(1, 1), (1, 16), (3, 2)])
def test_onnx_says_what_torch_says(folder: Path, groups: int, instruments: int) -> None:
    panels = made.panels(groups, instruments)
    said = OnnxModel.open(folder).judge(panels)
    assert_close(said, on_torch(folder).judge(panels))
    np.testing.assert_allclose(said.direction.sum(axis=-1), 1.0, atol=1e-5)


def test_another_process_gives_the_same_bits(folder: Path) -> None:
    command = [sys.executable, "-c", DIGEST, str(folder)]
    answers = {
        subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(2)
    }
    assert len(answers) == 1


@pytest.mark.parametrize("opened", [OnnxModel.open, on_torch], ids=["onnx", "torch"])
def test_who_is_absent_is_looked_at_by_nobody(
    folder: Path, opened: Callable[[Path], Model]
) -> None:
    three = made.panels(1, 3)
    absent = replace(three, present=np.array([[True, True, False]]))
    other = replace(absent, features=three.features.copy(), charts=three.charts.copy())
    other.features[:, 2] = 9.0
    other.charts[:, 2] = 0
    model = opened(folder)
    one, two = model.judge(absent), model.judge(other)
    np.testing.assert_allclose(one.direction[:, :2], two.direction[:, :2], atol=TOLERANCE)
    whole = model.judge(three)
    assert np.abs(whole.direction[:, :2] - one.direction[:, :2]).max() > 10 * TOLERANCE


def test_instruments_in_another_order_get_the_same_answers(folder: Path) -> None:
    panels = made.panels(1, 4)
    order = np.array([2, 0, 3, 1])
    turned = replace(panels, charts=panels.charts[:, order], features=panels.features[:, order])
    model = OnnxModel.open(folder)
    np.testing.assert_allclose(
        model.judge(turned).direction, model.judge(panels).direction[:, order], atol=TOLERANCE
    )


@pytest.mark.parametrize(
    ("name", "opened"), [(NETWORK, OnnxModel.open), (WEIGHTS, on_torch)], ids=["onnx", "torch"]
)
def test_a_file_that_was_changed_is_refused(
    tmp_path: Path, name: str, opened: Callable[[Path], Model]
) -> None:
    folder = made.kept(tmp_path)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(UnusableModel, match=f"{name}: its digest is .* the card says"):
        opened(folder)


@pytest.mark.parametrize("name", [CARD, NETWORK])
def test_a_file_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    (made.kept(tmp_path) / name).unlink()
    with pytest.raises(UnusableModel, match=name):
        OnnxModel.open(tmp_path)


def test_weights_of_another_architecture_are_refused(tmp_path: Path) -> None:
    wider = msgspec.structs.replace(made.SMALL, width=32)
    folder = made.kept(tmp_path, architecture=wider)
    with pytest.raises(UnusableModel, match="size mismatch for"):
        on_torch(folder)


def test_a_network_that_reads_other_shapes_is_refused(tmp_path: Path) -> None:
    longer = msgspec.structs.replace(made.SMALL, context=16)
    folder = made.kept(tmp_path, architecture=longer)
    with pytest.raises(UnusableModel, match=r"features is .* architecture has"):
        OnnxModel.open(folder)


def test_a_card_that_is_no_card_is_refused(tmp_path: Path) -> None:
    (made.kept(tmp_path) / CARD).write_text('{"name": 1}')
    with pytest.raises(UnusableModel, match=r"card\.json: Expected `str`"):
        OnnxModel.open(tmp_path)


def test_panels_of_another_shape_are_a_programmers_error(folder: Path) -> None:
    panels = made.panels(1, 2)
    with pytest.raises(ValueError, match="model small reads charts"):
        OnnxModel.open(folder).judge(replace(panels, charts=panels.charts[..., :30]))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize(("half", "tolerance"), [(False, TOLERANCE), (True, HALF_TOLERANCE)])
def test_a_recorded_graph_says_what_the_cpu_says(
    folder: Path, half: bool, tolerance: float
) -> None:
    panels, model = made.panels(1, 16), TorchModel.open(folder, "cuda", "graph", half=half)
    said = OnnxModel.open(folder).judge(panels).direction
    for _ in range(2):
        np.testing.assert_allclose(model.judge(panels).direction, said, atol=tolerance)
