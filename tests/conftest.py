"""What every test runs under."""

import os

import pytest
from hypothesis import settings

from tests.support import skips

# The machine may be shared and slow: a slow example is no failure. A failure found in a check
# that runs for everybody must be found again by everybody, so there examples are not random.
settings.register_profile("explore", deadline=None, print_blob=True)
settings.register_profile("steady", deadline=None, print_blob=True, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(skips, "wakeline-skips")
