"""Finds what a deterministic function must not touch: clocks, chance, environment, threads."""

import ast
from collections.abc import Iterator

FORBIDDEN = (
    "asyncio",
    "concurrent",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "multiprocessing",
    "numpy.random",
    "os",
    "pandas.Timestamp.now",
    "pandas.Timestamp.today",
    "pandas.Timestamp.utcnow",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "threading",
    "time",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid6",
    "uuid.uuid7",
)
# Python salts the hash of a string in every process; files and keyboards are the outside.
FORBIDDEN_BUILTINS = ("hash", "input", "open")


def ambient_uses(module: ast.Module) -> list[str]:
    """Every use, as ``line: name``."""
    aliases = dict(imported_names(module))
    allowed = seeded_generators(module, aliases)
    found: set[tuple[int, str]] = set()
    for node in ast.walk(module):
        match node:
            case ast.Import() | ast.ImportFrom():
                found |= {(node.lineno, n) for n in origins(node) if is_forbidden(n)}
            case ast.Attribute() | ast.Name() if id(node) not in allowed:
                name = resolve(node, aliases)
                if name is not None and is_forbidden(name):
                    found.add((node.lineno, name))
            case ast.Call(func=ast.Name(id=name)) if name in FORBIDDEN_BUILTINS:
                found.add((node.lineno, name))
            case _:
                pass
    return [f"{line}: {name}" for line, name in sorted(found)]


def is_forbidden(name: str) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in FORBIDDEN)


def origins(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    for alias in node.names:
        yield f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name


def imported_names(module: ast.Module) -> Iterator[tuple[str, str]]:
    """What each imported name stands for."""
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    top = alias.name.partition(".")[0]
                    yield (alias.asname, alias.name) if alias.asname else (top, top)
            case ast.ImportFrom(module=str(origin), names=names, level=0):
                for alias in names:
                    yield alias.asname or alias.name, f"{origin}.{alias.name}"
            case _:
                pass


def resolve(node: ast.expr, aliases: dict[str, str]) -> str | None:
    """The dotted name behind an expression, if it begins with something imported."""
    match node:
        case ast.Name(id=name):
            return aliases.get(name)
        case ast.Attribute(value=value, attr=attribute):
            owner = resolve(value, aliases)
            return None if owner is None else f"{owner}.{attribute}"
        case _:
            return None


def seeded_generators(module: ast.Module, aliases: dict[str, str]) -> set[int]:
    """The nodes of ``numpy.random.default_rng(seed)`` and ``numpy.random.Generator``."""
    allowed: set[int] = set()
    for node in ast.walk(module):
        match node:
            case ast.Call(func=function, args=[_, *_]) if (
                resolve(function, aliases) == "numpy.random.default_rng"
            ):
                allowed |= {id(part) for part in ast.walk(function)}
            case ast.Attribute() if resolve(node, aliases) == "numpy.random.Generator":
                allowed |= {id(part) for part in ast.walk(node)}
            case _:
                pass
    return allowed
