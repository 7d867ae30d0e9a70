"""A model served by ONNX Runtime on the CPU: no torch, one thread, the same bits every time."""

from pathlib import Path
from typing import Any, Final, Self

import onnxruntime

from actors.patterns.models.card import NETWORK, Card, UnusableModel, checked, read_card
from actors.patterns.models.judging import Judgements, OutOfMemory, Panels, fitting

INPUTS: Final = ("charts", "features", "present")
OUTPUTS: Final = ("direction", "reached", "volatility", "pattern")


class OnnxModel:
    """Implements ``Model``. One thread is as fast as two for panels of this size, and steadier."""

    def __init__(self, card: Card, session: Any) -> None:
        self.card: Final = card
        self._session: Final = session

    @classmethod
    def open(cls, folder: Path, *, threads: int = 1) -> Self:
        """The model in a folder, once its file is what its card says.

        Raises:
            UnusableModel: a file is missing or damaged, or is a network of another shape.
        """
        card = read_card(folder)
        content = checked(folder, card, NETWORK)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        options.log_severity_level = 4
        try:
            session = onnxruntime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime has a class an error, none shared
            raise UnusableModel(f"model {folder / NETWORK}: {error}") from error
        _require_shape(folder, card, session)
        return cls(card, session)

    def judge(self, panels: Panels) -> Judgements:
        given = fitting(panels, self.card)
        values = dict(zip(INPUTS, (given.charts, given.features, given.present), strict=True))
        try:
            found = self._session.run(OUTPUTS, values)
        except RuntimeError as error:
            if "alloc" in str(error).lower():
                raise OutOfMemory(str(error)) from error
            raise
        return Judgements(**dict(zip(OUTPUTS, found, strict=True)))


def _require_shape(folder: Path, card: Card, session: Any) -> None:
    architecture = card.architecture
    wanted = {
        "charts": list(architecture.chart_shape),
        "features": [architecture.context, architecture.columns],
        "present": [],
        "pattern": [len(architecture.patterns)],
    }
    there = {each.name: each.shape for each in (*session.get_inputs(), *session.get_outputs())}
    for name, shape in wanted.items():
        found = there.get(name)
        if found is None or found[2:] != shape:
            raise UnusableModel(
                f"model {folder / NETWORK}: {name} is {found}, its card's architecture has {shape}"
                " behind panels and instruments"
            )
