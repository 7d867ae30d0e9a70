"""The models that a cell's gateway answers with, opened when one is first asked for."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Final

from actors.patterns.config import PatternConfig
from actors.patterns.fast_recogniser import NAME as FAST
from actors.patterns.fast_recogniser import FastRecogniser
from actors.patterns.recogniser import Recogniser
from runtime.config import ConfigError
from runtime.home import Home
from runtime.training.registry import Registry

DEFAULT_MODEL: Final = "fast-eurusd"
"""Comes with the program."""


class ServedModels(Mapping[str, Recogniser]):
    """Recognisers that answer through a gateway, by name. A backtest answers on the CPU, where the
    same question has the same answer in every process.

    Args:
        configs: of a run; ``parameters.model`` names a model or the beginning of its digest.
    """

    def __init__(self, home: Home, configs: Sequence[PatternConfig]) -> None:
        self._registry: Final = Registry(home)
        self._parameters: Final = {each.use: each.parameters for each in configs}
        self._opened: Final[dict[str, Recogniser]] = {}

    def __contains__(self, name: object) -> bool:
        return name == FAST

    def __getitem__(self, name: str) -> Recogniser:
        """The recogniser of that name.

        Raises:
            KeyError: there is none.
            UserError: its model is missing, damaged, or cannot be served here.
        """
        if name != FAST:
            raise KeyError(name)
        if name not in self._opened:
            self._opened[name] = self._fast()
        return self._opened[name]

    def __iter__(self) -> Iterator[str]:
        yield FAST

    def __len__(self) -> int:
        return 1

    def _fast(self) -> Recogniser:
        if find_spec("onnxruntime") is None:
            raise ConfigError(
                "patterns fast: onnxruntime is not installed; `make full` installs all that is"
                " optional"
            )
        from actors.patterns.models.onnx_model import OnnxModel

        parameters = self._parameters.get(FAST, {})
        for unknown in sorted(set(parameters) - {"model"}):
            raise ConfigError(f"patterns fast: there is no parameter {unknown!r}; there is model")
        kept = self._registry.find(str(parameters.get("model", DEFAULT_MODEL)))
        return FastRecogniser(OnnxModel.open(kept.folder))
