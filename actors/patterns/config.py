"""What a run's configuration says about recognisers."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.strategy import ParameterValue

type _Positive = Annotated[int, Meta(ge=1)]


class PatternConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One recogniser and what it looks at.

    Attributes:
        use: its name, such as ``rules``.
        instruments: ids of what it looks at; all of the cell's when empty.
        interval, price_type: of the bars; ``auto`` is what strategies take it for.
        only: names of the patterns to look for; all that it knows when empty.
        every: ask at every so many bars.
        longest_gap: abstain where two bars of a question close further apart than so many
            intervals; ``None`` does not look, so that a weekend is no reason.
        latency_ms: in a backtest, market time from question to answer; for one that answers
            through a gateway.
        deadline_ms: market time after which its answer is of no use, counted from the question.
        bars: how many a question holds; settled when the run is wired, so that a replay can do
            without the recogniser.
        parameters: values by name, as they differ from the defaults.
    """

    use: str
    instruments: tuple[str, ...] = ()
    interval: Annotated[str, Meta(pattern=r"^[1-9][0-9]*[smhd]$")] = "1m"
    price_type: Literal["auto", "bid", "ask", "mid", "last"] = "auto"
    only: tuple[str, ...] = ()
    every: _Positive = 1
    longest_gap: _Positive | None = None
    latency_ms: _Positive = 10
    deadline_ms: _Positive = 1_000
    bars: _Positive | None = None
    parameters: dict[str, ParameterValue] = {}
