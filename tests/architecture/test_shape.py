"""Small files, small functions, and packages that do nothing when they are imported."""

import ast
from collections.abc import Mapping
from pathlib import Path

from tests.architecture.tree import ROOT, SOURCE_FOLDERS, name_of, parsed, python_files

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 45

# The ratchets: what is too long today, with its length. An entry may shrink or go, never grow;
# a new one needs its reason beside it.
LONG_FILES: dict[str, int] = {}
LONG_FUNCTIONS: dict[str, int] = {}


def measured() -> list[Path]:
    return list(python_files(*SOURCE_FOLDERS, "benchmarks"))


def functions(tree: ast.AST, prefix: str = "") -> dict[str, int]:
    """Every function's length by its qualified name; its docstring and decorators are free."""
    lengths: dict[str, int] = {}
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                lengths[prefix + name] = length(node)
                lengths |= functions(node, f"{prefix}{name}.")
            case ast.ClassDef(name=name):
                lengths |= functions(node, f"{prefix}{name}.")
            case _:
                lengths |= functions(node, prefix)
    return lengths


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    last = function.end_lineno or function.lineno
    lines = last - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        docstring = function.body[0]
        lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return lines


def exceeding(lengths: Mapping[str, int], limit: int, allowed: Mapping[str, int]) -> list[str]:
    """What is longer than it may be, and what the ratchet no longer needs to allow."""
    problems = [
        f"{name}: {lines} lines, {allowed.get(name, limit)} at most"
        for name, lines in lengths.items()
        if lines > allowed.get(name, limit)
    ]
    problems += [
        f"{name}: allowed {most}, needs {lengths.get(name, 0)}: tighten the ratchet"
        for name, most in allowed.items()
        if lengths.get(name, 0) < most
    ]
    return problems


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in measured()
    }
    assert exceeding(lengths, FILE_LINES_MAX, LONG_FILES) == []


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {
        f"{name_of(path)}:{name}": lines
        for path in measured()
        for name, lines in functions(parsed(path)).items()
    }
    assert exceeding(lengths, FUNCTION_LINES_MAX, LONG_FUNCTIONS) == []


def test_the_ratchet_reports_growth_and_slack() -> None:
    grown = exceeding({"a": 12}, limit=10, allowed={})
    slack = exceeding({"a": 11}, limit=10, allowed={"a": 12})
    assert grown == ["a: 12 lines, 10 at most"]
    assert slack == ["a: allowed 12, needs 11: tighten the ratchet"]


def test_a_nested_function_is_measured_by_its_own_name_and_a_docstring_is_free() -> None:
    tree = ast.parse(
        'class Feed:\n    def read(self):\n        """One.\n\n        Two."""\n'
        "        def inner():\n            return 1\n        return inner\n"
    )
    assert functions(tree) == {"Feed.read": 4, "Feed.read.inner": 2}


def test_package_files_hold_a_docstring_only() -> None:
    packages = (p for p in python_files(*SOURCE_FOLDERS) if p.name == "__init__.py")
    assert [name_of(path) for path in packages if not is_docstring_only(parsed(path))] == []


def is_docstring_only(module: ast.Module) -> bool:
    return len(module.body) == 1 and ast.get_docstring(module) is not None


def test_every_folder_with_python_in_it_is_a_package() -> None:
    # tests/actors without tests/__init__.py would shadow the real actors.
    folders = {
        parent
        for path in python_files(*SOURCE_FOLDERS, "tests", "benchmarks")
        for parent in path.parents
        if parent != ROOT and parent.is_relative_to(ROOT)
    }
    assert sorted(name_of(f) for f in folders if not (f / "__init__.py").is_file()) == []


def test_every_source_folder_tells_type_checkers_that_it_is_typed() -> None:
    untyped = [
        folder
        for folder in SOURCE_FOLDERS
        if (ROOT / folder / "__init__.py").is_file() and not (ROOT / folder / "py.typed").is_file()
    ]
    assert untyped == []
