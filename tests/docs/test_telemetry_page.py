"""docs/telemetry.md names every count and attribute there is, and its tables configure."""

import re
import tomllib
from pathlib import Path

import msgspec

from runtime.telemetry.config import TelemetryConfig, Watched
from runtime.telemetry.figures import COUNTS
from tests.runtime.telemetry.test_spans import MAKER, TAKEN

PAGE = (Path(__file__).parents[2] / "docs" / "telemetry.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_.]+)`", PAGE))


def test_names_every_count() -> None:
    shortened = {f"wakeline{name}" for name in NAMED if name.startswith(".")}
    assert {f"wakeline.{name}" for name in COUNTS} <= NAMED | shortened


def test_names_every_attribute_of_a_span_and_its_resource() -> None:
    attributes = {name for span in MAKER.of_step(TAKEN) for name in span.attributes}
    assert attributes | Watched(cell="c", run="r").attributes().keys() <= NAMED


def test_its_tables_are_configurations() -> None:
    tables = [tomllib.loads(text) for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)]
    found = [msgspec.convert(table["telemetry"], TelemetryConfig) for table in tables]
    assert found == [
        TelemetryConfig(sample=0.01),
        TelemetryConfig(endpoint="http://localhost:4318"),
    ]
