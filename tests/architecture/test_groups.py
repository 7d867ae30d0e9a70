"""Tests that would disturb each other run on one worker, if there are several."""

import os

import pytest


@pytest.mark.xdist_group("acceptance")
@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one process only")
def test_a_group_is_known_to_whoever_distributes_tests(request: pytest.FixtureRequest) -> None:
    # By this ending xdist tells groups; a version of pytest that ignores it scatters them.
    assert request.node.nodeid.endswith("@acceptance")
