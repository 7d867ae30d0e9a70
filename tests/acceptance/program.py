"""The program ``wakeline`` in processes of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

ROOT: Final = Path(__file__).parents[2]
TICKS: Final = ROOT / "runtime" / "samples" / "lean" / "forex" / "fxcm" / "tick" / "eurusd"
"""One day of real EUR/USD ticks, which the program ships."""

SAMPLES: Final = ROOT / "tests" / "samples"
SHARED: Final = ROOT.parent / "shared" / "data"
"""Real data that a checkout may have beside it."""

EURUSD: Final = ("--instrument", "EUR/USD", "--venue", "FXCM")
BACKTEST: Final = ("backtest", "--data", str(TICKS), *EURUSD, "--strategy", "ema_cross")

_PYTHON: Final = (sys.executable, "-P", "-c")
_MAIN: Final = "from runtime.cli.main import main; main()"
_PATIENCE_S: Final = 300
"""No command takes so long on the slowest machine; only one that hangs does."""

type Answer = dict[str, object]

_read: Final = msgspec.json.Decoder(dict[str, object]).decode


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def answer(self) -> Answer:
        """The one JSON object on standard output."""
        lines = self.stdout.splitlines()
        assert len(lines) == 1, self
        return _read(lines[0])

    @property
    def complaint(self) -> str:
        """The error of a command that the user has to mend: one line, and exit code 2."""
        assert self.code == 2, self
        lines = self.stderr.splitlines()
        assert len(lines) == 1, self
        assert lines[0].startswith("error: "), self
        return lines[0].removeprefix("error: ")


@dataclass(frozen=True, slots=True)
class Wakeline:
    """The program with a home.

    Attributes:
        environment: what it adds to this process's own.
        preamble: Python that its process runs first, to take something away from itself.
        measured: whether its coverage is measured, which takes files of its own.
    """

    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    preamble: str = ""
    measured: bool = True

    def start(self, *arguments: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        """A process that leads a group of its own; it and its children can be killed together."""
        return subprocess.Popen(
            [*_PYTHON, self.preamble + _MAIN, "--home", str(self.home), *arguments],
            cwd=cwd or self.home.parent,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _environment(self) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if self.measured or not name.startswith("COVERAGE_")
        }
        return {**inherited, "PYTHONPATH": str(ROOT), **self.environment}

    def run(self, *arguments: str, cwd: Path | None = None) -> Done:
        """Run a command to its end."""
        with self.start(*arguments, cwd=cwd) as process:
            stdout, stderr = process.communicate(timeout=_PATIENCE_S)
        return Done(process.returncode, stdout, stderr)

    def ask(self, *arguments: str, cwd: Path | None = None) -> Answer:
        """The answer of a command that must succeed, without a word beside it."""
        done = self.run(*arguments, "--json", cwd=cwd)
        assert (done.code, done.stderr) == (0, ""), done
        return done.answer

    def ask_of_up(self, topology: str) -> Answer:
        """The answer of ``up`` in the foreground, which says meanwhile what it does."""
        done = self.run("up", topology, "--json")
        assert done.code == 0, done
        return done.answer

    def backtest(self, *more: str) -> Answer:
        """The day of ticks under the EMA cross."""
        return self.ask(*BACKTEST, *more)

    def verify_finished_runs(self) -> None:
        """Every finished run comes out the same again in another process."""
        for result in sorted(self.home.glob("runs/*/result.json")):
            replayed = self.ask("replay", result.parent.name, "--verify")
            assert replayed["identical"], replayed
