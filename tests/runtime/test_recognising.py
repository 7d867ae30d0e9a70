"""Recognisers in a backtest: in the step of the bar, and through a gateway, later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from actors.feeds.merge import windows
from actors.patterns.config import PatternConfig
from actors.patterns.recogniser import Answer, Question, Recogniser, Recognition
from events.backends.memory.journal import MemoryJournal
from events.backends.memory.market_log import MemoryMarketLog
from events.codecs.json import decode_step
from events.journal import Head
from events.replay import compare
from runtime.backtesting import known_instruments
from runtime.config import BacktestConfig, ConfigError, RunSpec, StrategyConfig
from runtime.hosts.inline.answering import Recorded
from runtime.ingesting import DataConfig
from runtime.recording import record
from runtime.wired import Backtest
from runtime.wiring import wire
from schemas.envelope import GENESIS, AnyEvent, Step
from schemas.errors import UserError
from schemas.pattern import PatternAbstained, PatternRecognised, PatternRequested
from schemas.signal import SignalRaised
from tests.acceptance import in_memory

SAMPLES = Path(__file__).parents[1] / "samples" / "lean"
MINUTES = SAMPLES / "forex" / "oanda" / "minute" / "eurusd" / "20140508_quote.zip"
MS = 1_000_000


@dataclass
class Follower:
    """Says that the last bar goes on; remembers what it was asked together."""

    name: str = "follower"
    bars: int = 5
    model_digest: str = "digest"
    together: list[int] = field(default_factory=list)

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        self.together.append(len(questions))
        return [self.answer(question) for question in questions]

    def answer(self, question: Question) -> Answer:
        rise = question.candles.close[-1] - question.candles.open[-1]
        if rise == 0:
            return ()
        direction = "long" if rise > 0 else "short"
        seen = Recognition(
            pattern="goes_on",
            direction="long" if direction == "long" else "short",
            horizon=600_000 * MS,
            confidence=0.75,
            calibrated=True,
            feature_hash=question.candles.digest(),
        )
        return (seen,)

    def picture(self, question: Question) -> NDArray[np.uint8] | None:
        return None


class Breaks(Follower):
    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        raise MemoryError("the card is full")


@cache
def market() -> tuple[MemoryMarketLog, tuple[str, ...]]:
    return in_memory.ingested([MINUTES])


def wired(
    *patterns: PatternConfig,
    served: Recogniser | None = None,
    second: str = "trend",
) -> Backtest:
    log, sources = market()
    config = BacktestConfig(
        data=(DataConfig(paths=("in memory",)),),
        strategies=(StrategyConfig(use="pattern_confirmation", parameters={"second": second}),),
        patterns=patterns,
    )
    spec = RunSpec(config=config, sources=sources)
    known = {} if served is None else {served.name: served}
    return replace(wire(spec, known_instruments(log, spec), known), run="r")


def played(backtest: Backtest) -> list[Step]:
    log, sources = market()
    journal = MemoryJournal()
    record(backtest, journal, windows(log, sources), lambda _: None)
    return [decode_step(stored.body) for stored in journal.records()]


def events(steps: Iterable[Step], kind: type) -> list[AnyEvent]:
    return [each for step in steps for each in step.events if isinstance(each.payload, kind)]


def follower(latency_ms: int = 10, deadline_ms: int = 1_000) -> PatternConfig:
    return PatternConfig(use="follower", every=10, latency_ms=latency_ms, deadline_ms=deadline_ms)


def test_a_strategy_gets_the_recogniser_that_it_asks_for() -> None:
    steps = played(wired())
    seen, raised = events(steps, PatternRecognised), events(steps, SignalRaised)
    assert {each.author for each in seen} == {"patterns.rules.1m"}
    assert len(raised) > 5
    assert {each.cause for each in raised} <= {each.id for each in seen}


def test_what_is_seen_is_in_the_step_of_the_bar_that_completes_it() -> None:
    for step in played(wired()):
        for event in step.outputs:
            if isinstance(event.payload, PatternRecognised):
                assert event.cause == event.payload.request == step.input.id


def test_an_answer_through_a_gateway_arrives_after_its_latency() -> None:
    steps = played(wired(follower(latency_ms=250), served=Follower()))
    asked = {each.id: each for each in events(steps, PatternRequested)}
    answers = [step.input for step in steps if step.input.author == "gateway.follower"]
    assert len(answers) > 100
    for answer in answers:
        assert isinstance(answer.payload, PatternRecognised | PatternAbstained)
        assert answer.ts - asked[answer.cause].ts == answer.payload.latency == 250 * MS
    for answer in answers:
        if isinstance(answer.payload, PatternRecognised):
            request = asked[answer.cause].payload
            assert isinstance(request, PatternRequested)
            assert answer.payload.feature_hash == request.window_hash


def test_nothing_seen_is_an_answer_where_somebody_waits() -> None:
    steps = played(wired(follower(), served=Follower()))
    reasons = {each.payload.reason for each in events(steps, PatternAbstained)}  # type: ignore[attr-defined]  # an abstention
    assert reasons == {"no_pattern"}


def test_an_answer_after_its_deadline_is_recorded_as_late_and_not_used() -> None:
    late = follower(latency_ms=2_000, deadline_ms=1_500)
    steps = played(wired(late, served=Follower(), second="follower"))
    assert [
        each for each in events(steps, PatternRecognised) if each.author != "patterns.rules.1m"
    ] == []
    said = events(steps, PatternAbstained)[0].payload
    assert isinstance(said, PatternAbstained)
    assert (said.reason, said.detail) == ("late", "500 ms after the deadline")
    assert events(steps, SignalRaised) == []


def test_a_recogniser_that_breaks_stops_no_market() -> None:
    said = events(played(wired(follower(), served=Breaks())), PatternAbstained)[0].payload
    assert isinstance(said, PatternAbstained)
    assert (said.reason, said.detail) == ("failed", "MemoryError: the card is full")


class Unwritten:
    """A sink that keeps nothing."""

    head = Head(next_seq=0, prev_hash=GENESIS, epoch=1)

    def append(self, step: Step) -> str:
        self.head = Head(next_seq=step.seq + 1, prev_hash=GENESIS, epoch=1)
        return GENESIS


def test_a_replay_takes_the_answers_from_the_record_and_needs_no_recogniser() -> None:
    backtest = wired(follower(), served=Follower(), second="follower")
    steps = played(backtest)
    log, sources = market()
    again = replace(wire(backtest.spec, known_instruments(log, backtest.spec)), run="r")
    assert not again.recognising.served
    assert again.recognising.asked
    host, venue = again.host(Unwritten(), 1, Recorded(steps))
    recomputed = list(host.steps(again.prologue(1), again.subscriptions, windows(log, sources)))
    venue.close()
    assert compare(steps, recomputed).identical
    assert events(steps, SignalRaised) != []
    assert [each.payload for each in events(recomputed, PatternRecognised)] == [
        each.payload for each in events(steps, PatternRecognised)
    ]


def test_a_run_that_goes_on_asks_only_what_is_not_recorded() -> None:
    first, second = Follower(), Follower()
    whole = played(wired(follower(), served=first))
    journal = MemoryJournal()
    log, sources = market()
    with journal.open() as writer:
        for step in whole[: len(whole) // 2]:
            writer.append(step)
    backtest = wired(follower(), served=second)
    record(backtest, journal, windows(log, sources), lambda _: None)
    steps = [decode_step(stored.body) for stored in journal.records()]
    assert compare(whole, steps).identical
    assert 0 < len(second.together) < len(first.together)


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        (PatternConfig(use="oracle"), "no recogniser 'oracle'; there is rules"),
        (PatternConfig(use="rules", instruments=("GBP/USD.OANDA",)), "no data for 'GBP/USD.OANDA'"),
        (PatternConfig(use="rules", price_type="last"), "bars of the last price of EUR/USD.OANDA"),
        (PatternConfig(use="rules", only=("cup",)), "patterns rules: no rule for 'cup'"),
        (
            PatternConfig(use="rules", parameters={"level": 2}),
            "patterns rules: Expected `float` <=",
        ),
        (PatternConfig(use="rules", parameters={"lvl": 2}), "unknown field `lvl`"),
    ],
)
def test_says_what_is_wrong_with_a_recogniser(config: PatternConfig, complaint: str) -> None:
    with pytest.raises(UserError, match=complaint):
        wired(config)


def test_two_of_one_recogniser_about_one_interval_are_refused() -> None:
    with pytest.raises(ConfigError, match="patterns rules: two are about bars of 1m"):
        wired(PatternConfig(use="rules"), PatternConfig(use="rules", only=("hammer",)))


def test_a_strategy_shares_the_recogniser_of_the_configuration() -> None:
    backtest = wired(PatternConfig(use="rules", only=("hammer", "shooting_star")))
    (config,) = backtest.spec.config.patterns
    assert (config.only, config.bars) == (("hammer", "shooting_star"), 120)
    patterns = {
        each.payload.pattern  # type: ignore[attr-defined]  # a recognition
        for each in events(played(backtest), PatternRecognised)
    }
    assert patterns == {"hammer", "shooting_star"}
