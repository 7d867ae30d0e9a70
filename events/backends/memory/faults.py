"""Failures that a test asks for."""

from dataclasses import dataclass

from events.errors import DiskFull


@dataclass(slots=True)
class FaultPlan:
    """When a memory backend's disk is full.

    Attributes:
        fail_on_flush: which of the coming flushes fails, 1 being the next; 0 for none.
    """

    fail_on_flush: int = 0

    def before_flush(self) -> None:
        """Count a flush.

        Raises:
            DiskFull: it is the planned one.
        """
        if self.fail_on_flush == 0:
            return
        self.fail_on_flush -= 1
        if self.fail_on_flush == 0:
            raise DiskFull("memory: the disk is full, as planned")
