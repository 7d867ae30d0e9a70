"""Nothing that is committed names a package registry's host or a path of one machine."""

import re

import pytest

from tests.architecture.tree import name_of, tracked_files

_REGISTRIES = (
    (("py", "pi"), "org"),
    (("python", "hosted"), "org"),
    (("ana", "conda"), "org"),
    (("npm", "js"), "org"),
    (("yarn", "pkg"), "com"),
    (("ma", "ven"), "org"),
    (("ma", "ven.apache"), "org"),
    (("cra", "tes"), "io"),
    (("ruby", "gems"), "org"),
)
REGISTRY_HOSTS = tuple(re.escape(f"{first}{rest}.{end}") for (first, rest), end in _REGISTRIES)
"""In pieces, because this file is searched, too."""
MACHINE_PATHS = (
    r"(?<![\w.~-])/(work|root)/[\w.]",
    r"(?<![\w.~-])/(home|Users)/\w+/",
)
UNWANTED = re.compile("|".join((*REGISTRY_HOSTS, *MACHINE_PATHS)))


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = [
        f"{name_of(path)}:{number}: {match.group()}"
        for path in tracked_files()
        for number, line in enumerate(path.read_bytes().decode("utf-8", "ignore").split("\n"), 1)
        for match in UNWANTED.finditer(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "index-url = https://" + "py" + "pi.org/simple",
        "https://files." + "python" + "hosted.org/packages/a.whl",
        "https://repo1." + "ma" + "ven.org/maven2",
        "/" + "root/.pyenv/versions",
        "path=/" + "home/someone/wakeline",
    ],
)
def test_sees_an_address(line: str) -> None:
    assert UNWANTED.search(line)


@pytest.mark.parametrize("line", ["docs/work/plan", "a framework/rooted", "from events.root/x"])
def test_lets_ordinary_text_be(line: str) -> None:
    assert not UNWANTED.search(line)
