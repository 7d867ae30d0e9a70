"""The program, called with arguments."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from runtime.cli.main import main
from runtime.home import Home


@dataclass(frozen=True)
class Told:
    """What a command left with and wrote."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, object]:
        """The one JSON object on standard output."""
        decoded = json.loads(self.out)
        assert isinstance(decoded, dict)
        return decoded


type Call = Callable[..., Told]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """The program in this process."""
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    monkeypatch.delenv("WAKELINE_HOME", raising=False)

    def run(*arguments: str | Path) -> Told:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(each) for each in arguments])
        code = left.value.code
        assert code is None or isinstance(code, int)
        return Told(code or 0, *capsys.readouterr())

    return run


@pytest.fixture
def call_at(call: Call, recorded: Home) -> Call:
    """The program on the home with the handmade run."""

    def run(*arguments: str | Path) -> Told:
        return call(*arguments, "--home", recorded.path)

    return run
