"""What can go wrong with a log, typed so that callers can decide."""


class LogError(Exception):
    """Base of every error of a log."""


class InUse(LogError):
    """Another process writes this log, and a log has one writer."""


class Fenced(LogError):
    """This writer was replaced by a newer one; nothing it appends counts any more."""


class Corrupt(LogError):
    """A record cannot be what was written: it does not decode, or breaks the chain of hashes or
    numbers.
    """


class NotFound(LogError):
    """No log of that name exists."""
