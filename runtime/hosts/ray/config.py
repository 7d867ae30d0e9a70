"""Which Ray cluster; ``[ray]`` in a topology."""

import os
from typing import Annotated, Final

import msgspec
from msgspec import Meta

ADDRESS: Final = "RAY_ADDRESS"
"""The environment variable that Ray's own programs read, too."""
LOCAL: Final = "local"


class RayConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cluster that is there, or one of this machine's own, which ends with its supervisor.

    Attributes:
        address: ``host:port`` of the cluster's head, or ``auto`` for the one that this machine
            belongs to. Empty means what ``RAY_ADDRESS`` says, and otherwise a cluster of our own.
        cpus: logical processors of our own cluster; enough for all programs when 0.
    """

    address: str = ""
    cpus: Annotated[int, Meta(ge=0)] = 0

    def __post_init__(self) -> None:
        if self.address.startswith("ray://"):
            raise ValueError(
                "`address`: a Ray client's address will not do, because a supervisor runs on a node"
                " of its cluster: give host:port of the head"
            )

    @property
    def resolved(self) -> str:
        """What Ray is told."""
        return self.address or os.environ.get(ADDRESS, "") or LOCAL
