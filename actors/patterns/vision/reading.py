"""What a vision-language model is asked, and its answer held to a schema."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from actors.patterns.recogniser import Abstention, Answer, Question, Recognition
from schemas.pattern import Direction

PROMPT: Final = (
    "The picture shows candles of one instrument, the newest on the right: the interval in question"
    " on top, slower ones below, volume under each. Name the most important chart pattern that the"
    " newest candle completes, or none. Say in which direction the price is more likely to go next,"
    " over how many candles, and the probability that you are right."
)
"""Neither instrument nor date is told: a model that remembers them would look ahead."""

ANSWER_MAX: Final = 4_000
"""Characters of an answer; a schema needs some hundred."""

NO_PATTERN: Final = "none"


class Reading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answer's schema."""

    pattern: Annotated[str, Meta(pattern=r"^[a-z][a-z_]{1,39}$")]
    direction: Direction
    candles: Annotated[int, Meta(ge=1, le=200)]
    probability: Annotated[float, Meta(ge=0, le=1)]


SCHEMA: Final = msgspec.json.schema(Reading)
"""JSON Schema of an answer, for servers that generate by one."""


EXAMPLE: Final = (
    '{"pattern": "double_top", "direction": "short", "candles": 12, "probability": 0.55}'
)
"""An answer as it should be, for models that nothing holds to the schema."""


def heard(text: str, question: Question, chart_hash: str) -> Answer:
    """An answer's text as a recognition; ``none`` is nothing seen.

    Text around the one JSON object is passed over, because models like to talk; anything else that
    is not the schema is an abstention.
    """
    if len(text) > ANSWER_MAX:
        return Abstention(reason="endless", detail=f"{len(text):,} characters")
    try:
        reading = msgspec.json.decode(text[text.find("{") : text.rfind("}") + 1], type=Reading)
    except (msgspec.MsgspecError, UnicodeError) as error:
        return Abstention(reason="malformed", detail=f"{error}: {text[:80]!r}")
    if reading.pattern == NO_PATTERN:
        return ()
    return (
        Recognition(
            pattern=reading.pattern,
            direction=reading.direction,
            horizon=reading.candles * question.interval_ns,
            confidence=round(reading.probability, 6),
            chart_hash=chart_hash,
        ),
    )
