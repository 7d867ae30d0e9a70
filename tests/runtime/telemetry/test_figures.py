"""What is counted of a step."""

from runtime.telemetry.figures import Figures
from schemas.pattern import PatternAbstained
from tests.runtime.telemetry.steps import SIGNAL, seen, taken

LATE = PatternAbstained(
    request="r", instrument="EUR/USD.FXCM", interval="1m", recogniser="fast", reason="timeout"
)


def test_signals_and_abstentions_are_counted_wherever_they_stand_in_a_step() -> None:
    figures = Figures()
    figures.add(taken(seen("a", SIGNAL, LATE)))
    figures.add(taken(seen("b", LATE, seq=1)))
    counts = figures.counts
    assert (counts["steps"], counts["signals"], counts["abstentions"]) == (2, 1, 2)
    assert counts["patterns"] == 0
