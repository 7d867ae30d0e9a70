"""All questions of one moment: the instruments of a panel that closed a bar together."""

from collections.abc import Mapping

from actors.patterns.candles import Candles
from actors.patterns.recogniser import Question
from schemas.quantities import Nanoseconds


def questions_of(
    candles: Mapping[str, Candles], interval: str, interval_ns: Nanoseconds
) -> list[Question]:
    """One question an instrument that closed the newest bar, each with all others as its peers.

    They share their candles, so that whoever answers sees at once that they are about one panel.
    """
    newest = max(int(each.ts_close[-1]) for each in candles.values())
    return [
        Question(
            request=f"{name}/{newest}",
            instrument=name,
            interval=interval,
            interval_ns=interval_ns,
            candles=each,
            peers={peer: other for peer, other in candles.items() if peer != name},
        )
        for name, each in candles.items()
        if each.ts_close[-1] == newest
    ]
