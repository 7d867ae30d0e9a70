"""The models that a cell's gateway answers with, opened when one is first asked for."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Final, Literal

from actors.patterns.catalogue import made
from actors.patterns.config import PatternConfig
from actors.patterns.ensemble import NAME as ENSEMBLE
from actors.patterns.ensemble import Ensemble
from actors.patterns.fast_recogniser import NAME as FAST
from actors.patterns.fast_recogniser import FastRecogniser, bars_of
from actors.patterns.models.card import UnusableModel
from actors.patterns.recogniser import Recogniser
from actors.patterns.vision.server import BARS as VISION_BARS
from actors.patterns.vision.server import NAME as MINICPM
from actors.patterns.vision.server import ServerConfig, VisionServer
from runtime.config import ConfigError
from runtime.home import Home
from runtime.training.registry import Kept, Registry
from schemas.strategy import ParameterValue

DEFAULT_MODEL: Final = "fast-eurusd"
"""Comes with the program."""

DEFAULT_VISION: Final = "openbmb/MiniCPM-V-4_6"
KEY_VARIABLE: Final = "WAKELINE_VISION_KEY"


type Device = Literal["cpu", "cuda", "auto"]
"""``auto`` is the GPU where there is one."""


class ServedModels(Mapping[str, Recogniser]):
    """Recognisers that answer through a gateway, by name. A backtest answers on the CPU, where the
    same question has the same answer in every process.

    Args:
        configs: of a run; ``parameters.model`` names a model or the beginning of its digest.
        device: what they run on. Without one ``minicpm`` is asked on the GPU where there is one,
            which also a backtest has to wait for.
    """

    def __init__(
        self, home: Home, configs: Sequence[PatternConfig], device: Device | None = None
    ) -> None:
        self._registry: Final = Registry(home)
        self._parameters: Final = {each.use: each.parameters for each in configs}
        self._device: Final = device
        self._on_gpu: Final = _is_gpu(device or "cpu")
        self._made: Final[Mapping[str, Callable[[], Recogniser]]] = {
            FAST: self._fast,
            ENSEMBLE: self._ensemble,
            MINICPM: self._minicpm,
        }
        self._opened: Final[dict[str, Recogniser]] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._made

    def __getitem__(self, name: str) -> Recogniser:
        """The recogniser of that name.

        Raises:
            KeyError: there is none.
            UserError: its model is missing, damaged, or cannot be served here.
        """
        if name not in self._opened:
            self._opened[name] = self._made[name]()
        return self._opened[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._made

    def __len__(self) -> int:
        return len(self._made)

    def version(self, name: str) -> str:
        """Names what would be opened now: something else once another model was promoted."""
        return self._kept().card.digest if name in (FAST, ENSEMBLE) else ""

    def device(self, name: str) -> str:
        """What it runs on: ``cpu``, ``cuda``, or another ``server``."""
        parameters = self._parameters.get(name, {})
        if name != MINICPM:
            return "cuda" if self._on_gpu else "cpu"
        if "url" in parameters:
            return "server"
        from actors.patterns.models.device import device_of

        return device_of(self._of_minicpm(parameters)).type

    def _of_minicpm(self, parameters: Mapping[str, ParameterValue]) -> str:
        """Its parameter, unless all is to be on the CPU."""
        return "cpu" if self._device == "cpu" else str(parameters.get("device", "auto"))

    def bars(self, name: str) -> int:
        """How many bars a question must hold; no model is opened for it.

        Raises:
            UserError: there is no such model, or a parameter does not fit.
        """
        if name == MINICPM:
            return VISION_BARS
        fast = bars_of(self._kept().card)
        return fast if name == FAST else max(fast, self._rules().bars)

    def _kept(self) -> Kept:
        parameters = self._known(FAST, "model")
        return self._registry.find(str(parameters.get("model", DEFAULT_MODEL)))

    def of_version(self, name: str, digest: str) -> Recogniser | None:
        """The recogniser as it was when it answered by that digest, if its model is still here."""
        if name != FAST:
            return None
        try:
            return self._of(self._registry.find(digest))
        except UnusableModel:
            return None

    def _fast(self) -> Recogniser:
        return self._of(self._kept())

    def _of(self, kept: Kept) -> Recogniser:
        if self._on_gpu:
            from actors.patterns.models.torch_model import TorchModel

            return FastRecogniser(TorchModel.open(kept.folder))
        from actors.patterns.models.onnx_model import OnnxModel

        return FastRecogniser(OnnxModel.open(kept.folder))

    def _rules(self) -> Recogniser:
        return made(PatternConfig(use="rules", parameters=self._parameters.get("rules", {})))

    def _ensemble(self) -> Recogniser:
        """The rules and the fast model, each with the settings of its own configuration."""
        parameters = self._known(ENSEMBLE, "quorum")
        quorum = int(parameters.get("quorum", 2))
        try:
            return Ensemble([self._rules(), self[FAST]], quorum)
        except ValueError as error:
            raise ConfigError(f"patterns ensemble: {error}") from error

    def _minicpm(self) -> Recogniser:
        """A vision-language model: behind a server, whose key no file holds, or in this process."""
        parameters = self._known(MINICPM, "url", "model", "path", "device", "timeout_s")
        timeout_s = float(parameters.get("timeout_s", 10.0))
        if "url" in parameters:
            config = ServerConfig(
                url=str(parameters["url"]),
                model=str(parameters.get("model", DEFAULT_VISION)),
                timeout_s=timeout_s,
                key=os.environ.get(KEY_VARIABLE, ""),
            )
            return VisionServer(config)
        if "path" not in parameters:
            raise ConfigError(
                "patterns minicpm: say where it is: url = 'http://127.0.0.1:8000/v1' of a server,"
                " or path = the model's folder or its hub id"
            )
        _require(MINICPM, "torch", "transformers", "PIL")
        from actors.patterns.models.device import NoDevice
        from actors.patterns.models.minicpm import MiniCpm

        device = self._of_minicpm(parameters)
        try:
            return MiniCpm.open(str(parameters["path"]), device=device, timeout_s=timeout_s)
        except NoDevice as error:
            raise ConfigError(f"patterns minicpm: {error}") from error

    def _known(self, use: str, *names: str) -> Mapping[str, ParameterValue]:
        parameters = self._parameters.get(use, {})
        for unknown in sorted(set(parameters) - set(names)):
            raise ConfigError(
                f"patterns {use}: there is no parameter {unknown!r}; there is {', '.join(names)}"
            )
        return parameters


class Announced(Mapping[str, int]):
    """How many bars a question to each of the models holds, which are served elsewhere."""

    def __init__(self, models: ServedModels) -> None:
        self._models: Final = models

    def __getitem__(self, name: str) -> int:
        if name not in self._models:
            raise KeyError(name)
        return self._models.bars(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __len__(self) -> int:
        return len(self._models)


def _is_gpu(device: Device) -> bool:
    if device == "cpu" or (device == "auto" and find_spec("torch") is None):
        return False
    _require(FAST, "torch")
    from actors.patterns.models.device import NoDevice, device_of

    try:
        return device_of(device).type == "cuda"
    except NoDevice as error:
        raise ConfigError(str(error)) from error


def _require(use: str, *modules: str) -> None:
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise ConfigError(
            f"patterns {use}: {', '.join(missing)} is not installed; `make full` installs all that"
            " is optional"
        )
