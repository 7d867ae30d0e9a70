"""docs/kafka.md names every field and setting there is, and its example is a configuration."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from events.backends.kafka.config import KafkaConfig, SecurityConfig
from events.backends.kafka.topics import required_settings
from runtime.backends import JournalConfig

PAGE = (Path(__file__).parents[2] / "docs" / "kafka.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("struct", [KafkaConfig, SecurityConfig], ids=lambda each: each.__name__)
def test_names_every_field(struct: type[msgspec.Struct]) -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE))
    fields = {field.name for field in msgspec.structs.fields(struct)} - {"security"}
    assert fields - named == set()


def test_names_every_setting_that_a_topic_is_checked_for() -> None:
    named = set(re.findall(r"`([a-z.]+)`", PAGE))
    assert set(required_settings(KafkaConfig())) - named == set()


def test_the_example_is_a_configuration() -> None:
    [example] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    config = msgspec.convert(tomllib.loads(example)["journal"], JournalConfig)
    assert (config.backend, config.kafka.replication, config.kafka.min_insync) == ("kafka", 3, 2)
    assert config.kafka.security.protocol == "SASL_SSL"
