"""A skipped test is a check that did not happen; where backends are required, it fails.

Set ``WAKELINE_REQUIRE_BACKENDS=1`` (``.ci/run`` does) and every skip becomes a failure, except
those whose reason says that this machine cannot have the thing at all.
"""

import os
from collections.abc import Generator

import pytest

EXCUSES = (
    "shared data not present",
    "needs a GPU",
    "no ClickHouse server",
    "not a git checkout",
    "may not mount",
)


def is_excused(reason: str) -> bool:
    """Whether a skip's reason names something that a checking machine may lack."""
    return reason.removeprefix("Skipped: ").startswith(EXCUSES)


def fail_unless_excused(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip's report into a failure's."""
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    longrepr = report.longrepr
    reason = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    if not is_excused(reason):
        report.outcome = "failed"
        report.longrepr = f"{reason}\nWAKELINE_REQUIRE_BACKENDS is set: this may not be skipped"


def backends_are_required() -> bool:
    """Whether this run was told that every backend must be there."""
    return os.environ.get("WAKELINE_REQUIRE_BACKENDS", "") not in ("", "0")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if backends_are_required():
        fail_unless_excused(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if backends_are_required():
        fail_unless_excused(report)
    return report
