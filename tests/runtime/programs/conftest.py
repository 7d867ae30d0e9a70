"""What these tests have in common."""

from tests.support.unclosed import dropped_by_its_own_thread

__all__ = ["dropped_by_its_own_thread"]
