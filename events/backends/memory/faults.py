"""Failures that a test asks for."""

from dataclasses import dataclass

from events.errors import DiskFull


@dataclass(slots=True)
class FaultPlan:
    """When a memory backend's disk is full.

    Attributes:
        fail_on_flush: which flush fails, counted from 1 over the life of the log; 0 for none.
    """

    fail_on_flush: int = 0
    _flushes: int = 0

    def before_flush(self) -> None:
        """Count a flush.

        Raises:
            DiskFull: it is the planned one.
        """
        self._flushes += 1
        if self._flushes == self.fail_on_flush:
            raise DiskFull(f"memory: the disk is full at flush {self._flushes}, as planned")
