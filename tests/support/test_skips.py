"""A skip passes on a desk and fails where backends are required."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

A_TEST_THAT_SKIPS = """
import pytest

def test_appends():
    pytest.skip({reason!r})
"""

A_MODULE_THAT_SKIPS = """
import pytest

pytest.skip({reason!r}, allow_module_level=True)
"""

AN_EXPECTED_FAILURE = """
import pytest

@pytest.mark.xfail
def test_is_known_to_fail():
    assert False
"""


def outcomes(pytester: pytest.Pytester, code: str) -> dict[str, int]:
    pytester.makeconftest("pytest_plugins = ['tests.support.skips']")
    pytester.makepyfile(code)
    pytester.syspathinsert(Path(__file__).parents[2])
    return pytester.runpytest_subprocess().parseoutcomes()


@pytest.fixture
def _required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAKELINE_REQUIRE_BACKENDS", "1")


def test_a_skip_is_a_skip_where_nothing_is_required(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAKELINE_REQUIRE_BACKENDS", raising=False)
    assert outcomes(pytester, A_TEST_THAT_SKIPS.format(reason="no Kafka")) == {"skipped": 1}


@pytest.mark.usefixtures("_required")
def test_a_missing_backend_fails_where_it_is_required(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, A_TEST_THAT_SKIPS.format(reason="no Kafka")) == {"failed": 1}


@pytest.mark.usefixtures("_required")
def test_a_module_that_skips_itself_fails_where_it_is_required(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, A_MODULE_THAT_SKIPS.format(reason="no Kafka")) == {"errors": 1}


@pytest.mark.usefixtures("_required")
@pytest.mark.parametrize("code", [A_TEST_THAT_SKIPS, A_MODULE_THAT_SKIPS])
def test_an_excused_skip_stays_a_skip(pytester: pytest.Pytester, code: str) -> None:
    found = outcomes(pytester, code.format(reason="needs a GPU: none on this machine"))
    assert found == {"skipped": 1}


@pytest.mark.usefixtures("_required")
def test_an_expected_failure_is_no_skip(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, AN_EXPECTED_FAILURE) == {"xfailed": 1}
