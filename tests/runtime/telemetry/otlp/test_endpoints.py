"""Nothing is sent anywhere unless somebody says where, and what is shown of it holds no secret."""

import pytest

from runtime.telemetry.otlp.endpoints import is_asked_for, shown, signal_url

VARIABLES = ("", "_TRACES", "_METRICS", "_LOGS")


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_SDK_DISABLED", raising=False)
    for signal in VARIABLES:
        monkeypatch.delenv(f"OTEL_EXPORTER_OTLP{signal}_ENDPOINT", raising=False)


def test_nothing_is_sent_by_default() -> None:
    assert not is_asked_for("")


@pytest.mark.parametrize("signal", VARIABLES)
def test_a_variable_of_opentelemetrys_asks_for_it(
    monkeypatch: pytest.MonkeyPatch, signal: str
) -> None:
    monkeypatch.setenv(f"OTEL_EXPORTER_OTLP{signal}_ENDPOINT", "http://localhost:4318")
    assert is_asked_for("")


def test_the_configuration_asks_for_it_and_the_variable_that_disables_wins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert is_asked_for("http://localhost:4318")
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert not is_asked_for("http://localhost:4318")


def test_each_signal_has_its_path() -> None:
    assert signal_url("http://c:4318/", "traces") == "http://c:4318/v1/traces"
    assert signal_url("http://c/otlp", "logs") == "http://c/otlp/v1/logs"
    assert signal_url("", "metrics") is None


def test_what_is_shown_of_an_address_is_its_host_and_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown("http://collector:4318/otlp") == "collector:4318"
    assert shown("") == "localhost:4318"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "https://me:secret@c.example/?key=secret")
    assert shown("") == "c.example"
