"""A user's strategy among the deciders: what it raises is told with its line and the event."""

import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from actors.strategies.spoken import Misspoken
from actors.strategies.template import LookAhead, Strategy
from schemas.envelope import AnyEvent
from schemas.errors import UserError
from schemas.quantities import SECOND_NS
from schemas.registry import Payload


class StrategyFailed(UserError):
    """A user's strategy raised an error. Nothing of the event that it was told is recorded.

    Args:
        path: the strategy's file.
        error: what it raised.
        told: what it was doing, for people.
    """

    def __init__(self, path: str, error: BaseException, told: str) -> None:
        what = str(error) if isinstance(error, Misspoken) else f"{type(error).__name__}: {error}"
        super().__init__(f"{_place(path, error)}: {what} ({told})")


def _place(path: str, error: BaseException) -> str:
    """File, line and method, as far as they are known."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename == path]
    if own:
        return f"{path} line {own[-1].lineno}, in {own[-1].name}"
    if isinstance(error, Misspoken) and error.line:
        return f"{path} line {error.line}"
    return path


class Guarded:
    """A decider that is the strategy, but for the errors that it raises."""

    def __init__(self, strategy: Strategy, path: str) -> None:
        self._strategy: Final = strategy
        self._path: Final = path
        self.author: Final = strategy.author
        self.consumes: Final = strategy.consumes

    def handle(self, event: AnyEvent) -> Sequence[Payload]:
        """Answer as the strategy does.

        Raises:
            StrategyFailed: it raised an error.
        """
        try:
            return self._strategy.handle(event)
        except LookAhead:
            raise  # The host is to blame.
        except (Exception, SystemExit) as error:
            raise StrategyFailed(self._path, error, self._told(event)) from error

    def learn(self, event: AnyEvent) -> None:
        """Learn as the strategy does: by the same hooks, whose answers nobody hears.

        Raises:
            StrategyFailed: it raised an error.
        """
        self.handle(event)

    def _told(self, event: AnyEvent) -> str:
        moment = datetime.fromtimestamp(event.ts // SECOND_NS, UTC)
        return f"{self.author} at {event.kind} {event.id}, {moment:%Y-%m-%d %H:%M:%S} UTC"
