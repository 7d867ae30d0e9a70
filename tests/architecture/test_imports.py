"""The import rules in pyproject.toml catch what they are there to catch.

`make lint` holds the real tree to them. Here each rule is shown a small tree that breaks it:
a rule that cannot fail protects nothing.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, SOURCE_FOLDERS

BREAKS = {
    "events may not know runtime": ("events/steps.py", "import runtime.config"),
    "actors may not know projections": ("actors/kit/cell.py", "import projections.projector"),
    "projections may not know actors": ("projections/projector.py", "import actors.kit.cell"),
    "schemas know nobody": ("schemas/envelope.py", "import events.steps"),
    "a strategy may not read the log": ("actors/strategies/ema.py", "import events.steps"),
    "a strategy may not know a venue": ("actors/strategies/ema.py", "import actors.execution.live"),
    "analytics may not read the log": ("projections/analytics/sharpe.py", "import events.steps"),
    "ray lives in its host": ("runtime/wiring.py", "import ray"),
    "pykka lives in its host": ("actors/kit/cell.py", "import pykka"),
    "kafka lives in its backend": ("runtime/wiring.py", "import kafka"),
    "sqlite lives in its backend": ("events/steps.py", "import sqlite3"),
    "faust lives in the streams": ("runtime/wiring.py", "import faust"),
    "clickhouse lives in its store": ("projections/projector.py", "import clickhouse_connect"),
    "nautilus stays in the market's hand": ("runtime/wiring.py", "import nautilus_trader.model"),
    "torch lives in the models": ("actors/patterns/asking.py", "import torch"),
    "telemetry lives in its folder": ("runtime/wiring.py", "import opentelemetry"),
    "onnx lives in the models": ("runtime/serving.py", "import onnxruntime"),
    "scikit-learn lives in training": ("actors/patterns/models/vit.py", "import sklearn"),
    "the source does not import its tests": ("runtime/wiring.py", "import tests.support"),
}

KEPT = {
    "runtime/wiring.py": "import actors.kit.cell\nimport projections.projector",
    "runtime/hosts/ray.py": "import ray",
    "runtime/config.py": "",
    "runtime/telemetry/otlp/spans.py": "import opentelemetry",
    "runtime/streams/application.py": "import faust",
    "actors/kit/cell.py": "import events.steps",
    "actors/strategies/ema.py": "import projections.analytics.sharpe\nimport nautilus_trader.model",
    "actors/patterns/asking.py": "import schemas.envelope",
    "actors/patterns/models/vit.py": "import torch\nimport onnxruntime",
    "runtime/training/baselines.py": "import sklearn",
    "actors/execution/live.py": "import events.steps",
    "actors/execution/nautilus/venue.py": "import nautilus_trader.backtest",
    "events/steps.py": "import schemas.envelope",
    "events/backends/sqlite.py": "import sqlite3",
    "events/backends/kafka.py": "import kafka",
    "projections/projector.py": "import events.steps",
    "projections/store/client.py": "import clickhouse_connect\nimport chdb",
    "projections/analytics/sharpe.py": "import schemas.envelope",
    "schemas/envelope.py": "",
}


def lay_out(root: Path, files: dict[str, str]) -> None:
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for name, code in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code)
    for folder in SOURCE_FOLDERS:
        (root / folder).mkdir(exist_ok=True)
        for package in [root / folder, *(p for p in (root / folder).rglob("*") if p.is_dir())]:
            (package / "__init__.py").touch()


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    # The tree stands in for the installed one, so it comes first on the path.
    program = (
        "import sys; sys.path[:] = [sys.argv[1]] + [p for p in sys.path if p != sys.argv[2]];"
        "from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    )
    return subprocess.run(
        [sys.executable, "-P", "-c", program, str(root), str(ROOT)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_tree_that_keeps_the_rules_passes(tmp_path: Path) -> None:
    lay_out(tmp_path, KEPT)
    result = lint(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_tree_with_hardly_anything_in_it_passes(tmp_path: Path) -> None:
    lay_out(tmp_path, {})
    result = lint(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("rule", BREAKS)
def test_a_tree_that_breaks_a_rule_fails(rule: str, tmp_path: Path) -> None:
    where, code = BREAKS[rule]
    lay_out(tmp_path, KEPT | {where: f"{KEPT.get(where, '')}\n{code}\n"})
    result = lint(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert where.removesuffix(".py").replace("/", ".") in result.stdout
