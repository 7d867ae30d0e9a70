"""docs/patterns.md: the commands about live patterns are run as they are printed."""

from pathlib import Path

import pytest

from tests.docs.commands import ROOT, Commands, lines_in
from tests.support.waiting import wait_until

PAGE = (ROOT / "docs" / "patterns.md").read_text(encoding="utf-8")
LIVE = PAGE[PAGE.index("## Live") : PAGE.index("## What is recorded")]
TOPOLOGY = ROOT / "runtime" / "samples" / "inference.toml"


@pytest.mark.xdist_group("acceptance")
@pytest.mark.timeout(300)
def test_live_patterns_come_from_a_gateway_and_come_out_the_same_again(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    commands.set_pace(TOPOLOGY, "240", 900)

    def is_answered() -> bool:
        return "by fast" in commands.run("wakeline tail asking --kind pattern.recognised").stdout

    told: dict[str, str] = {}
    try:
        for line in lines_in(LIVE):
            if line.startswith("wakeline tail"):
                wait_until(is_answered, patience_s=120)  # As the page says.
            done = commands.run(line)
            assert done.returncode == 0, f"{line}: {done.stderr}"
            told[line] = done.stdout
    finally:
        commands.run("wakeline down")
    assert "recogniser=fast" in told["wakeline tail asking --kind model.served"]
    assert told["wakeline replay asking --verify"].startswith("identical")
    assert told["wakeline replay asking --recompute patterns"].startswith("identical")
