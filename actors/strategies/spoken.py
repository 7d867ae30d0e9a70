"""What a hook may answer. Anything else is a mistake in the strategy, told with its place."""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from actors.strategies.hooks import Answer
from schemas.order import OrderCancelRequested
from schemas.registry import Payload
from schemas.signal import SignalRaised, SignalWithheld
from schemas.timer import TimerSet

_SPOKEN: Final = (SignalRaised, SignalWithheld, OrderCancelRequested, TimerSet)


class Misspoken(TypeError):
    """A hook answered what is no answer, or kept one back.

    Attributes:
        line: where the hook is written, 0 if nobody knows.
    """

    def __init__(self, hook: Callable[..., Answer], text: str) -> None:
        name = getattr(hook, "__qualname__", repr(hook))
        super().__init__(f"{name} {text}")
        code = getattr(hook, "__code__", None)
        self.line = 0 if code is None else code.co_firstlineno


def fitting[P: Payload](payload: P) -> P:
    """The payload, whose every field is of its type.

    Raises:
        TypeError: one is not; the message names it.
    """
    try:
        msgspec.json.decode(msgspec.json.encode(payload), type=type(payload))
    except msgspec.ValidationError as error:
        raise TypeError(f"{payload.KIND}: {error}") from None
    return payload


def spoken(
    hook: Callable[..., Answer], answer: object, built: Iterable[Payload]
) -> tuple[Payload, ...]:
    """What a hook answered, one by one.

    Args:
        built: what it made by ``self.long`` and its like. What is not among the answers would be
            lost in silence.

    Raises:
        Misspoken: an answer is none, or one is missing.
    """
    match answer:
        case None:
            answers: tuple[Payload, ...] = ()
        case Payload():
            answers = (answer,)
        case str() | bytes() | dict():
            raise _no_answer(hook, answer)
        case Iterable():
            answers = tuple(answer)
        case _:
            raise _no_answer(hook, answer)
    made = tuple(built)
    for each in answers:
        if not isinstance(each, _SPOKEN):
            raise _no_answer(hook, each)
        if all(each is not one for one in made):
            fitting(each)
    for one in made:
        if all(one is not each for each in answers):
            raise Misspoken(hook, f"built {one} and did not return it")
    return answers


def _no_answer(hook: Callable[..., Answer], given: object) -> Misspoken:
    return Misspoken(
        hook,
        f"answered {given!r}, of type {type(given).__name__}: return what self.long, self.flat,"
        " self.order or their like make, several of them, or None",
    )
