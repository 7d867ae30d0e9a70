"""Finding a cluster, and what is said when there is none."""

import msgspec
import pytest

from runtime.hosts.ray.cluster import _require_answer
from runtime.hosts.ray.config import RayConfig
from schemas.errors import UserError


def test_the_topology_goes_before_the_environment_and_both_before_a_cluster_of_our_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    assert RayConfig().resolved == "local"
    monkeypatch.setenv("RAY_ADDRESS", "there:6379")
    assert RayConfig().resolved == "there:6379"
    assert RayConfig(address="here:6379").resolved == "here:6379"


def test_the_address_of_a_client_is_refused_with_what_to_give_instead() -> None:
    with pytest.raises(msgspec.ValidationError, match="give host:port of the head"):
        msgspec.convert({"address": "ray://there:10001"}, RayConfig)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1:none"])
def test_a_cluster_that_is_not_there_is_named_at_once(address: str) -> None:
    with pytest.raises(UserError, match=rf"^Ray at {address}: nobody answers: "):
        _require_answer(address)
