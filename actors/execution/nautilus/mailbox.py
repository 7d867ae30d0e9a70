"""Between the engine and the listener: one input at a time, in order, and no error lost."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from actors.execution.venue import Listener
from actors.kit.inputs import Input


class Mailbox:
    """Hands inputs to the listener while it is open, never one while it still holds another.

    What the engine says inside a call of the listener (an order that is denied at once) waits until
    that call has returned; what it says while the market stands still waits until it moves again.
    """

    def __init__(self) -> None:
        self._listener: Listener | None = None
        self._waiting: deque[Input] = deque()
        self._closed = True
        self.failure: BaseException | None = None

    def address(self, listener: Listener) -> None:
        """Say who gets the inputs; before, none is delivered."""
        self._listener = listener

    def post(self, given: Input) -> None:
        """Put an input behind those that wait."""
        self._waiting.append(given)

    def deliver(self) -> None:
        """Give what waits to the listener, unless it is busy or the mailbox is closed."""
        listener = self._listener
        if self._closed or listener is None:
            return
        self._closed = True
        while self._waiting:
            listener(self._waiting.popleft())
        self._closed = False

    def fail(self, error: BaseException) -> None:
        """Keep the first error; from now on nothing is delivered any more."""
        self.failure = self.failure or error
        self._closed = True
        self._waiting.clear()

    def close(self) -> None:
        """Deliver nothing any more, and forget the listener and the error that stopped it."""
        self._closed = True
        self._listener = self.failure = None
        self._waiting.clear()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Deliver what waits and what comes, until the block ends.

        Raises:
            BaseException: the first error of a callback or of the listener, this time or before.
        """
        self.raise_failure()
        self._closed = False
        try:
            self.deliver()
            yield
        except BaseException as error:
            self.fail(error)
            raise
        self._closed = True
        self.raise_failure()

    def raise_failure(self) -> None:
        """Raise the error that stopped the delivery, if there was one."""
        if self.failure is not None:
            raise self.failure
