"""All questions of one moment: the instruments of a panel that closed a bar together."""

from collections.abc import Mapping

from actors.patterns.candles import Candles
from actors.patterns.recogniser import Question
from schemas.quantities import Nanoseconds


def questions_of(
    panel: Mapping[str, Candles], interval: str, interval_ns: Nanoseconds
) -> list[Question]:
    """One question an instrument that closed the newest bar."""
    newest = max(int(each.ts_close[-1]) for each in panel.values())
    return [
        Question(
            request=f"{name}/{newest}",
            instrument=name,
            interval=interval,
            interval_ns=interval_ns,
            panel=panel,
        )
        for name, each in panel.items()
        if each.ts_close[-1] == newest
    ]
