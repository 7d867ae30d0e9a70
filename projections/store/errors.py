"""What can go wrong between a question and its answer, each told in one line."""

from schemas.errors import UserError


class StoreInUse(UserError):
    """Another process owns the directory, and an embedded ClickHouse has one owner."""


class StoreMissing(UserError):
    """There is nothing to ask yet."""


class QueryRefused(UserError):
    """The statement is not one that only reads, or it reads outside the store."""


class QueryFailed(UserError):
    """ClickHouse could not do what it was asked; the message is ClickHouse's own."""
