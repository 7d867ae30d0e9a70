"""Whether the clients are there: who did not ask for Kafka need not install them."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemas.errors import UserError


@contextmanager
def installed() -> Iterator[None]:
    """The clients are optional; who asks for Kafka without them is told what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UserError(
            f"kafka: the package {error.name} is not installed: pip install 'wakeline[kafka]'"
        ) from error
