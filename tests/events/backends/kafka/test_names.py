"""Every name of ours has a topic, no two share one, and Kafka takes all of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.backends.kafka.config import KafkaConfig
from events.backends.kafka.names import ingress_topic, journal_topic, market_topic, source_of

CONFIG = KafkaConfig()
NAMES = st.text(min_size=1, max_size=12)


@given(NAMES)
def test_a_topic_tells_its_source(source: str) -> None:
    topic = market_topic(CONFIG, source)
    assert re.fullmatch(r"[A-Za-z0-9._-]+", topic)
    assert source_of(CONFIG, topic) == source


@given(NAMES, NAMES, NAMES, NAMES)
def test_two_topics_differ_in_more_than_dots_and_underscores(
    cell: str, run: str, other_cell: str, other_run: str
) -> None:
    one, other = journal_topic(CONFIG, cell, run), journal_topic(CONFIG, other_cell, other_run)
    alike = one.replace(".", "_") == other.replace(".", "_")
    assert alike == ((cell, run) == (other_cell, other_run))


def test_usual_names_stay_readable() -> None:
    assert market_topic(CONFIG, "fxcm-eurusd") == "wakeline.market.fxcm-eurusd"
    assert journal_topic(CONFIG, "fxcm", "") == "wakeline.cell.fxcm"
    assert journal_topic(CONFIG, "main", "ema-1a2b.2") == "wakeline.cell.main.ema-1a2b_2E2"
    assert ingress_topic(CONFIG, "fxcm") == "wakeline.ingress.fxcm"
    assert source_of(CONFIG, "wakeline.cell.fxcm") is None
    assert source_of(CONFIG, "another.market.fxcm") is None


@pytest.mark.parametrize("name", ["", "x" * 240])
def test_a_name_that_no_topic_can_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        market_topic(CONFIG, name)
