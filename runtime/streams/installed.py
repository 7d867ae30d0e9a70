"""Faust is optional; who asks for the tables without it is told what to install."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemas.errors import UserError


@contextmanager
def faust_installed() -> Iterator[None]:
    """Around the imports of what needs Faust.

    Raises:
        UserError: it is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise UserError(
            f"streams: the package {error.name} is not installed: pip install 'wakeline[streams]'"
        ) from error
