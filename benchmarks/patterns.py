"""From a bar's close to the answer of the fast recogniser: one instrument, 16, and 64 on a GPU.

The clock runs from the closed bars of all instruments, as columns, over questions, features,
charts, the engine's gathering and the network, to the last answer. The model is the shipped one;
the prices walk at random, from a seed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np

from actors.patterns.candles import Candles
from actors.patterns.fast_recogniser import FastRecogniser
from actors.patterns.models.judging import Model
from actors.patterns.models.onnx_model import OnnxModel
from actors.patterns.recogniser import Abstention, Question
from actors.patterns.serving.engine import Engine, ServingConfig
from actors.patterns.serving.moments import questions_of
from benchmarks.result import Result
from runtime.collecting import rare_collections

SHIPPED: Final = Path(__file__).parents[1] / "runtime/samples/models/fast-eurusd"
MINUTE_NS: Final = 60_000_000_000
TARGET_MS: Final = 10.0
MOMENTS: Final = 200
"""Bars closed in one round."""


@dataclass(frozen=True, slots=True)
class Closing:
    """What is measured: so many instruments, by a model that is opened so."""

    measured: str
    instruments: int
    open: Callable[[], Model]


def results(_: Path, repetitions: int) -> Iterator[Result]:
    """Milliseconds a close, on the CPU and, if there is one, on a GPU."""
    closings = [
        Closing("bar close to answer, 1 instrument, CPU", 1, _on_cpu),
        Closing("bar close to answer, 16 instruments, CPU", 16, _on_cpu),
        *_on_gpu(),
    ]
    for closing in closings:
        times = closed(closing, repetitions)
        yield Result(
            benchmark="patterns",
            measured=closing.measured,
            unit="ms",
            values=tuple(times),
            target=TARGET_MS,
            of_p99=True,
        )


def closed(closing: Closing, repetitions: int) -> list[float]:
    """Milliseconds of every close."""
    recogniser = FastRecogniser(closing.open())
    walks = _walks(closing.instruments, recogniser.bars + MOMENTS + 1)
    config = ServingConfig(batch_max=closing.instruments)
    times: list[float] = []
    with rare_collections(), Engine(recogniser, config) as engine:
        for _ in range(repetitions):
            recogniser.recognise(_questions(walks, recogniser.bars, 0))
            times += [_answered(engine, walks, recogniser.bars, at) for at in range(1, MOMENTS + 1)]
    return times


def _answered(engine: Engine, walks: dict[str, Candles], bars: int, at: int) -> float:
    began = perf_counter()
    answers = engine.ask(_questions(walks, bars, at)).result()
    took = (perf_counter() - began) * 1_000
    refused = [each.answer for each in answers if isinstance(each.answer, Abstention)]
    assert not refused, refused
    return took


def _questions(walks: dict[str, Candles], bars: int, at: int) -> list[Question]:
    candles = {name: walk[at : at + bars] for name, walk in walks.items()}
    return questions_of(candles, "1m", MINUTE_NS)


def _walks(instruments: int, bars: int) -> dict[str, Candles]:
    closes = np.cumsum(np.random.default_rng(7).normal(0, 1e-4, (instruments, bars)), axis=1)
    return {f"I{place}": _walk(1.3 * np.exp(close)) for place, close in enumerate(closes)}


def _walk(close: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Candles:
    opened = np.concatenate((close[:1], close[:-1]))
    return Candles(
        open=opened,
        high=np.maximum(opened, close) + 5e-5,
        low=np.minimum(opened, close) - 5e-5,
        close=close,
        volume=np.full(len(close), 1e6),
        ts_close=MINUTE_NS * np.arange(1, len(close) + 1, dtype=np.int64),
    )


def _on_cpu() -> Model:
    return OnnxModel.open(SHIPPED)


def _on_gpu() -> list[Closing]:
    if find_spec("torch") is None:
        return []
    import torch

    from actors.patterns.models.torch_model import Mode, TorchModel

    if not torch.cuda.is_available():
        return []

    def opened(mode: Mode, half: bool) -> Callable[[], Model]:
        return lambda: TorchModel.open(SHIPPED, "cuda", mode, half=half)

    return [
        Closing(
            f"bar close to answer, {instruments} instruments, GPU, {mode}, {kind}",
            instruments,
            opened(mode, half),
        )
        for instruments in (16, 64)
        for mode in _MODES
        for kind, half in (("float32", False), ("bfloat16", True))
    ]


_MODES: Final = ("eager", "graph")
