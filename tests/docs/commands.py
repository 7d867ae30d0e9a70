"""Running the commands of a page as they are printed, in a copy of the samples."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_MAIN: Final = "import sys; from runtime.cli.main import main; main(sys.argv[1:])"


class Commands:
    """A folder in which ``wakeline`` can be called, with a home of its own."""

    def __init__(self, folder: Path) -> None:
        program = folder / "wakeline"
        program.write_text(
            f'#!/bin/sh\nexec {sys.executable} -c "{_MAIN}" "$@"\n', encoding="utf-8"
        )
        program.chmod(0o755)
        self.tree: Final = folder / "tree"
        shutil.copytree(ROOT / "runtime" / "samples", self.tree / "runtime" / "samples")
        self._environment: Final = {
            **os.environ,
            "PATH": f"{folder}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "WAKELINE_HOME": str(folder / "home"),
        }

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """A line of shell."""
        return subprocess.run(
            ["sh", "-c", line],
            cwd=self.tree,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def set_pace(self, topology: Path, before: str, pace: int) -> None:
        """Let the copy of a sample's topology be fed at another pace."""
        text = topology.read_text(encoding="utf-8")
        assert f"pace = {before}\n" in text
        changed = text.replace(f"pace = {before}\n", f"pace = {pace}\n")
        (self.tree / topology.relative_to(ROOT)).write_text(changed, encoding="utf-8")


def lines_in(page: str) -> Iterator[str]:
    """The lines of all blocks of shell."""
    for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL):
        yield from block.splitlines()
