"""Every host, one after the other."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runtime.hosts.ray.config import LOCAL, RayConfig
from runtime.supervision.lifecycle import Care
from runtime.supervision.worker import Host
from runtime.topology import Topology
from tests.runtime.hosts.systems import CARE, HOSTS, System, home_at

type Build = Callable[..., System]


@pytest.fixture(scope="session")
def local_ray() -> Iterator[RayConfig]:
    """A cluster of this machine's own, for all tests that need one."""
    from runtime.hosts.ray.cluster import connect, disconnect

    config = RayConfig(address=LOCAL)
    assert connect(config, cpus=8, labels={"wakeline-node": "here"}, resources={"disk": 1})
    yield config
    disconnect()


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    if request.param == "ray":
        request.getfixturevalue("local_ray")
    made = HOSTS[request.param]()
    yield made
    made.close()


@pytest.fixture
def system(host: Host, tmp_path: Path) -> Build:
    """Builds a system on the host at hand, in a home of its own."""

    def build(topology: Topology, care: Care = CARE) -> System:
        return System(home_at(tmp_path / "home"), host, topology, care)

    return build
