from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.identity import ID_LENGTH, bar_id, event_id, leg_id, parse_tick_id, tick_id

VENUE_ID_LENGTH_MAX = 24
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x1f"), max_size=30)
ORDINALS = st.integers(min_value=0, max_value=10**6)
SEQUENCE_NUMBERS = st.integers(min_value=0, max_value=2**62)


def test_an_id_is_the_same_in_every_process_and_release() -> None:
    assert event_id("risk.pre_trade", "fxcm-eurusd:17", 0) == "eb553355493b20947cdd"


@given(NAMES, NAMES, ORDINALS)
def test_an_id_is_short_lowercase_hexadecimal(author: str, cause: str, ordinal: int) -> None:
    identifier = event_id(author, cause, ordinal)
    assert len(identifier) == ID_LENGTH
    assert set(identifier) <= set("0123456789abcdef")


@given(NAMES, NAMES, ORDINALS, NAMES, NAMES, ORDINALS)
def test_another_author_cause_or_ordinal_makes_another_id(
    author: str, cause: str, ordinal: int, author2: str, cause2: str, ordinal2: int
) -> None:
    assume((author, cause, ordinal) != (author2, cause2, ordinal2))
    assert event_id(author, cause, ordinal) != event_id(author2, cause2, ordinal2)


def test_author_and_cause_do_not_run_into_each_other() -> None:
    assert event_id("ab", "c", 0) != event_id("a", "bc", 0)
    assert event_id("a", "b1", 2) != event_id("a", "b", 12)


@given(NAMES.filter(bool), SEQUENCE_NUMBERS)
def test_a_tick_is_found_again_by_its_id(source: str, seq: int) -> None:
    assert parse_tick_id(tick_id(source, seq)) == (source, seq)


@given(st.text(max_size=30))
def test_what_parses_as_a_tick_has_no_second_spelling(identifier: str) -> None:
    named = parse_tick_id(identifier)
    assert named is None or tick_id(*named) == identifier


def test_what_names_no_tick_is_not_taken_for_one() -> None:
    for identifier in ("", "17", ":17", "fxcm:", "fxcm:-1", "fxcm:+1", "fxcm:007", "fxcm:1e3"):
        assert parse_tick_id(identifier) is None
    assert parse_tick_id("fxcm:" + "9" * 5000) is None
    assert parse_tick_id("fxcm:٣") is None


def test_an_events_id_and_a_bars_key_name_no_tick() -> None:
    assert parse_tick_id(event_id("a", "b", 0)) is None
    assert parse_tick_id(bar_id("EUR/USD.FXCM", "1m", 1_399_507_200_000_000_000)) is None


def test_the_legs_of_a_bracket_fit_what_venues_allow() -> None:
    order = event_id("portfolio.sizing", "fxcm-eurusd:17", 0)
    for leg in ("SL", "TP"):
        assert len(leg_id(order, leg)) <= VENUE_ID_LENGTH_MAX
    assert leg_id(order, "SL") != leg_id(order, "TP")
