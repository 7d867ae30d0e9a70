import pytest

from events.backends.memory.ingress import MemoryIngress
from events.ingress import Ingress
from tests.contracts.ingress import IngressContract


class TestMemoryIngress(IngressContract):
    @pytest.fixture
    def ingress(self) -> Ingress:
        return MemoryIngress()
