"""From a bar's close to the answer of the fast recogniser: one instrument, 16 and 64.

The clock runs from the closed bars of all instruments, as events, over the memory that a gateway
puts questions together from, features, charts, the engine's gathering and the network, to the last
answer. The model is the shipped one; the prices walk at random, from a seed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np

from actors.patterns.candles import candles_of
from actors.patterns.fast_recogniser import NAME, FastRecogniser
from actors.patterns.memory import Stream
from actors.patterns.models.judging import Model
from actors.patterns.models.onnx_model import OnnxModel
from actors.patterns.recogniser import Abstention
from actors.patterns.requests import Memories, Request
from actors.patterns.serving.engine import Engine, ServingConfig
from benchmarks.result import Result
from runtime.collecting import rare_collections
from schemas.envelope import Event
from schemas.market import Bar, PriceType
from schemas.pattern import PatternRequested

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
        Closing("bar close to answer, 64 instruments, CPU", 64, _on_cpu),
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
    moments = _moments(closing.instruments, recogniser.bars + MOMENTS)
    asked = [_requests(moment, recogniser.bars) for moment in _windows(moments, recogniser.bars)]
    config = ServingConfig(batch_max=closing.instruments)
    times: list[float] = []
    with rare_collections(), Engine(recogniser, config) as engine:
        for _ in range(repetitions):
            memories = _remembering(moments[: recogniser.bars - 1], recogniser.bars)
            closed_now = zip(moments[recogniser.bars - 1 :], asked, strict=True)
            took = [_answered(engine, memories, *each) for each in closed_now]
            times += took[1:]  # The first computes what later ones remember.
    return times


def _answered(
    engine: Engine, memories: Memories, bars: Sequence[Bar], requests: Sequence[Request]
) -> float:
    began = perf_counter()
    for bar in bars:
        memories.heard(bar)
    answers = engine.ask([memories.question(each) for each in requests]).result()
    took = (perf_counter() - began) * 1_000
    refused = [each.answer for each in answers if isinstance(each.answer, Abstention)]
    assert not refused, refused
    return took


def _remembering(moments: Sequence[Sequence[Bar]], bars: int) -> Memories:
    streams = [Stream.of(bar) for bar in moments[0]]
    memories = Memories([(NAME, streams, bars)])
    for moment in moments:
        for bar in moment:
            memories.heard(bar)
    return memories


def _windows(moments: Sequence[Sequence[Bar]], bars: int) -> Iterator[Sequence[Sequence[Bar]]]:
    """What lies behind each moment that has enough behind it, itself included."""
    for end in range(bars, len(moments) + 1):
        yield moments[end - bars : end]


def _requests(window: Sequence[Sequence[Bar]], bars: int) -> list[Request]:
    """What the cell asks about the last moment of a window."""
    return [
        Event(
            id=f"{bar.instrument}/{bar.ts_close}",
            author="recogniser.fast",
            cause="bar",
            correlation="bar",
            ts=bar.ts_close,
            ts_recorded=bar.ts_close,
            payload=PatternRequested(
                instrument=bar.instrument,
                interval=bar.interval,
                price_type=bar.price_type,
                recogniser=NAME,
                bars=bars,
                window_hash=candles_of([moment[place] for moment in window]).digest(),
                deadline=bar.ts_close + MINUTE_NS,
            ),
        )
        for place, bar in enumerate(window[-1])
    ]


def _moments(instruments: int, bars: int) -> list[list[Bar]]:
    """Of each minute the bars of all instruments."""
    steps = np.random.default_rng(7).normal(0, 1e-4, (bars + 1, instruments))
    prices = 1.3 * np.exp(np.cumsum(steps, axis=0))
    return [
        [_bar(f"I{place}", minute, *pair) for place, pair in enumerate(zip(*two, strict=True))]
        for minute, two in enumerate(pairwise(prices.tolist()))
    ]


def _bar(instrument: str, minute: int, opened: float, close: float) -> Bar:
    return Bar(
        instrument=instrument,
        interval="1m",
        price_type=PriceType.MID,
        open=_price(opened),
        high=_price(max(opened, close) + 5e-5),
        low=_price(min(opened, close) - 5e-5),
        close=_price(close),
        volume=Decimal(1_000_000),
        ts_open=MINUTE_NS * minute,
        ts_close=MINUTE_NS * (minute + 1),
    )


def _price(value: float) -> Decimal:
    return Decimal(f"{value:.6f}")


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
