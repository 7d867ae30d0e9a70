"""What can go wrong with a log, typed so that callers can decide."""

from schemas.errors import UserError


class LogError(Exception):
    """Base of every error of a log."""


class InUse(LogError, UserError):
    """Another process writes this log, and a log has one writer."""


class Fenced(LogError):
    """This writer was replaced by a newer one; nothing it appends counts any more."""


class Closed(LogError):
    """This writer gave up its right to write."""


class Sealed(LogError):
    """The writer said that nothing will follow, and something was to follow."""


class SequenceGap(LogError):
    """A writer skipped a number, so something that it posted is missing."""


class Corrupt(LogError, UserError):
    """What is stored cannot be what was written: it does not decode, or does not follow."""


class NotFound(LogError, UserError):
    """No log of that name exists."""


class Unwritable(LogError, UserError):
    """The place of a log takes no data. What was acknowledged before is safe."""


class DiskFull(Unwritable):
    """The disk, or a quota on it, is full."""


class Unreachable(LogError, UserError):
    """The broker does not answer in time. What was acknowledged is safe; the rest is unknown."""


class NotAllowed(LogError, UserError):
    """The broker refuses this user, or what it asks for."""


class WrongSettings(LogError, UserError):
    """The place of a log is set up so that it could lose what is written."""
