"""A tree of plain values, flattened: ``payload.ticket.quantity`` and its value."""

from collections.abc import Iterable, Iterator


def leaves(tree: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Paths and values of everything that holds nothing else, in the tree's order."""
    inner: Iterable[tuple[object, object]]
    match tree:
        case dict() if tree:
            inner = tree.items()
        case list() if tree:
            inner = enumerate(tree)
        case _:
            yield path, tree
            return
    for key, value in inner:
        yield from leaves(value, f"{path}.{key}" if path else str(key))
