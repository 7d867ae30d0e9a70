"""The embedded engine is a store."""

from tests.contracts.store import ReaderContract, StoreContract, prices

__all__ = ["prices"]


class TestChdbStore(StoreContract, ReaderContract):
    pass
