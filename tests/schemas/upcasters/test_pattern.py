from events.codecs.json import decode_event
from schemas.market import PriceType
from schemas.pattern import PatternAbstained, PatternRecognised, PatternRequested
from tests.golden.write import golden_path


def read(kind: str) -> object:
    return decode_event(golden_path(kind, 1).read_bytes()).payload


def test_a_request_of_version_1_names_no_bars() -> None:
    assert read("pattern.requested") == PatternRequested(
        instrument="EUR/USD.FXCM",
        interval="1m",
        price_type=PriceType.LAST,
        recogniser="recogniser",
        bars=0,
        window_hash="",
        deadline=1_399_507_200_000_000_000,
    )


def test_an_answer_of_version_1_was_calibrated_by_nobody_knows_whom() -> None:
    assert read("pattern.recognised") == PatternRecognised(
        request="request",
        instrument="EUR/USD.FXCM",
        interval="",
        recogniser="",
        pattern="pattern",
        direction="flat",
        begins=0,
        horizon=5,
        confidence=0.25,
        calibrated=True,
        model_digest="model_digest",
        chart_hash="chart_hash",
        feature_hash="feature_hash",
        latency=5,
    )


def test_an_abstention_of_version_1_keeps_its_reason() -> None:
    assert read("pattern.abstained") == PatternAbstained(
        request="request",
        instrument="EUR/USD.FXCM",
        interval="",
        recogniser="",
        reason="reason",
        model_digest="model_digest",
    )
