"""The user's file: from its text to a class, with an error that names file and line when it fails.

A file stands alone: what it imports is the standard library, an installed package, or this program,
never a file beside it. So its own text, with the program's, is all the code behind its decisions.
"""

import sys
import traceback
from difflib import get_close_matches
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Final

from actors.strategies.hooks import EVENT_HOOKS, Hooks
from actors.strategies.template import Strategy
from schemas.errors import UserError

_DIGEST: Final = "__wakeline_digest__"


class StrategyNotFound(UserError):
    """A strategy that does not exist or cannot be loaded."""


def module_from(path: str) -> ModuleType:
    """The module that a file makes, run once for each text it has.

    Raises:
        StrategyNotFound: it cannot be read, is no Python, or fails as it is run.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise StrategyNotFound(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise StrategyNotFound(f"{path}: not UTF-8 text ({error.reason})") from error
    name = f"wakeline_strategy_{_digest(path + text)}"
    if name in sys.modules:
        return sys.modules[name]
    module = ModuleType(name)
    module.__file__ = path
    setattr(module, _DIGEST, _digest(text))
    # Dataclasses and typed structs look their module up by name while it is being run.
    sys.modules[name] = module
    try:
        _run(path, text, module)
    except StrategyNotFound:
        del sys.modules[name]
        raise
    return module


def _run(path: str, text: str, module: ModuleType) -> None:
    try:
        exec(compile(text, path, "exec"), vars(module))
    except SyntaxError as error:
        raise StrategyNotFound(f"{path} line {error.lineno}: {error.msg}") from error
    except Exception as error:
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == path
        ]
        where = f"{path} line {lines[-1]}" if lines else path
        raise StrategyNotFound(f"{where}: {type(error).__name__}: {error}") from error


def class_in(module: ModuleType, name: str) -> type[Strategy]:
    """The strategy class that a module calls ``name``.

    Raises:
        StrategyNotFound: it has none, it is no ``Strategy``, or it has no hook.
    """
    found = getattr(module, name, None)
    if isinstance(found, type) and issubclass(found, Strategy):
        if all(getattr(found, hook) is getattr(Hooks, hook) for hook in EVENT_HOOKS):
            hooks = ", ".join(EVENT_HOOKS)
            raise StrategyNotFound(f"{module.__file__}: {name} would never act: it has no {hooks}")
        return found
    if found is not None:
        raise StrategyNotFound(f"{module.__file__}: {name} is no subclass of Strategy")
    own = [
        key
        for key, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Strategy) and value is not Strategy
    ]
    near = get_close_matches(name, own, n=1)
    hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(own) or 'no strategy'}"
    raise StrategyNotFound(f"{module.__file__}: no class {name!r}; {hint}")


def digest_of(module: ModuleType) -> str:
    """BLAKE2b-128 of a module's text: for a user's file, of the text that was run."""
    loaded = getattr(module, _DIGEST, None)
    if isinstance(loaded, str):
        return loaded
    if module.__file__ is None:
        raise StrategyNotFound(f"{module.__name__} has no file, so its code cannot be recorded")
    return _digest(Path(module.__file__).read_text(encoding="utf-8"))


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
