"""Every host, one after the other."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runtime.supervision.lifecycle import Care
from runtime.supervision.worker import Host
from runtime.topology import Topology
from tests.runtime.hosts.systems import CARE, HOSTS, System, home_at

type Build = Callable[..., System]


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    made = HOSTS[request.param]()
    yield made
    made.close()


@pytest.fixture
def system(host: Host, tmp_path: Path) -> Build:
    """Builds a system on the host at hand, in a home of its own."""

    def build(topology: Topology, care: Care = CARE) -> System:
        return System(home_at(tmp_path / "home"), host, topology, care)

    return build
