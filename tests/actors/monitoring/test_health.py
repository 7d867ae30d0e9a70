"""A window is reported when it is over: how its markets and its decisions were doing."""

from decimal import Decimal

import pytest

from actors.monitoring.health import Health, HealthConfig, HealthState, reports
from actors.monitoring.window import Window, opened, with_step
from schemas.envelope import GENESIS, Slice, Step
from schemas.health import HealthReported
from schemas.market import Gap
from tests.actors.kit.cells import event
from tests.support.rules import Scenario
from tests.support.trading import EURUSD, USDJPY, bar, quote, requested, signal, ticket

SECOND = 1_000_000_000
RISING = quote(EURUSD, "1.0000", "1.0002")


def health(**config: int) -> Scenario[HealthState]:
    return Scenario(Health(HealthConfig(window_ms=10_000, **config)))


def by_name(answers: list[object]) -> dict[str, HealthReported]:
    found = [each for each in answers if isinstance(each, HealthReported)]
    assert len(found) == len(answers)
    return {each.component: each for each in found}


def test_nothing_is_said_while_a_window_is_open() -> None:
    told = health().at(3 * SECOND).given(RISING)
    assert told.at(10 * SECOND - 1).when(RISING) == []
    told.assert_recovers()


def test_the_first_event_behind_its_end_reports_a_window_once() -> None:
    told = health().at(3 * SECOND).given(RISING, RISING)
    said = by_name([*told.at(10 * SECOND).when(RISING)])
    assert set(said) == {"market.EUR/USD.SIM", "decisions"}
    assert told.when(RISING) == []
    told.assert_recovers()


def test_a_market_is_reported_with_its_pace_silence_and_spread() -> None:
    told = health().at(4 * SECOND).given(RISING, RISING, RISING)
    told.at(7 * SECOND).given(quote(EURUSD, "2.0000", "2.0010"))
    market = by_name([*told.at(12 * SECOND).when(RISING)])["market.EUR/USD.SIM"]
    assert market.healthy
    assert market.measurements == {
        "prices_per_s": pytest.approx(0.4),
        "silence_s": pytest.approx(3.0),
        "spread_bps": pytest.approx(float(Decimal("0.001") / Decimal("2.0005") * 10_000)),
    }


def test_a_market_that_fell_silent_goes_on_being_reported_and_is_not_well() -> None:
    told = health(max_silence_ms=15_000).at(1 * SECOND).given(RISING)
    told.at(12 * SECOND).given(bar(USDJPY, "100"))
    said = by_name([*told.at(21 * SECOND).when(bar(USDJPY, "100"))])
    silent, heard = said["market.EUR/USD.SIM"], said["market.USD/JPY.SIM"]
    assert (silent.healthy, silent.text) == (False, "no price for 19.0 s")
    assert silent.measurements["prices_per_s"] == 0
    assert (heard.healthy, heard.text) == (True, "")
    assert "spread_bps" not in heard.measurements


def test_silence_is_never_minded_when_the_limit_is_zero() -> None:
    told = health(max_silence_ms=0).at(0).given(RISING)
    told.at(95 * SECOND).given(bar(USDJPY, "100"))
    said = by_name([*told.at(105 * SECOND).when(RISING)])
    assert said["market.EUR/USD.SIM"].healthy


def test_decisions_are_reported_as_rates_and_vetoes_as_a_share() -> None:
    told = health().at(SECOND).given(signal(EURUSD, "long"), signal(EURUSD, "flat"))
    told.given(*(requested(ticket(EURUSD, 1)) for _ in range(4)))
    told.given(Gap(instrument=EURUSD.id, ts_from=0, ts_to=1, expected=False))
    decisions = by_name([*told.at(11 * SECOND).when(RISING)])["decisions"]
    assert decisions.measurements["signals_per_s"] == pytest.approx(0.2)
    assert decisions.measurements["orders_per_s"] == pytest.approx(0.4)
    assert decisions.measurements["gaps_per_s"] == pytest.approx(0.1)
    assert decisions.measurements["veto_rate"] == 0
    later = by_name([*told.at(21 * SECOND).when(RISING)])["decisions"]
    assert "veto_rate" not in later.measurements, "no order, no share of them"


def test_a_reader_of_the_journal_also_counts_the_rows_that_steps_consumed() -> None:
    given = event(RISING, "s:7", ts=SECOND)
    step = Step(
        cell="c",
        run="r",
        seq=0,
        epoch=1,
        prev_hash=GENESIS,
        ts=SECOND,
        ts_recorded=0,
        slices=(Slice("fxcm", 0, 19), Slice("fxcm", 20, 29), Slice("oanda", 5, 5)),
        input=given,
        outputs=(),
    )
    window = with_step(with_step(opened(SECOND, 10 * SECOND), step), step)
    said = by_name([*reports(window, 0)])
    assert said["source.fxcm"].measurements == {"rows_per_s": pytest.approx(6.0)}
    assert said["source.oanda"].measurements == {"rows_per_s": pytest.approx(0.2)}
    assert said["market.EUR/USD.SIM"].measurements["prices_per_s"] == pytest.approx(0.2)


def test_windows_begin_at_multiples_of_their_length_and_skip_what_is_empty() -> None:
    assert opened(123, 50) == Window(start=100, length=50)
    told = health().at(SECOND).given(RISING)
    said = by_name([*told.at(1_000 * SECOND + 1).when(RISING)])
    assert said["market.EUR/USD.SIM"].measurements["prices_per_s"] == pytest.approx(0.1)
    assert told.state.window is not None
    assert told.state.window.start == 1_000 * SECOND
