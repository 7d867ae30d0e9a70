"""A Ray cluster of several nodes on this machine, until its standard input ends.

Its first line says where it is, and which process leads each node.
"""

import sys

import msgspec
from ray.cluster_utils import Cluster

NODES = {"desk": 4, "far": 1, "farther": 1}
"""Names of nodes and their processors; the supervisor is to be on the first."""


class Nodes(msgspec.Struct, frozen=True):
    """Attributes:
    address: of the cluster.
    raylets: the process that leads a node, by Ray's name of the node.
    """

    address: str
    raylets: dict[str, int]


def main() -> None:
    cluster = Cluster()
    raylets = {}
    for name, cpus in NODES.items():
        label = "desk" if name == "desk" else "away"
        node = cluster.add_node(num_cpus=cpus, labels={"wakeline-node": label})
        raylets[node.node_id] = node.all_processes["raylet"][0].process.pid
    told = Nodes(cluster.address, raylets)
    sys.stdout.write(f"{msgspec.json.encode(told).decode()}\n")
    sys.stdout.flush()
    sys.stdin.read()
    cluster.shutdown()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
