"""Who may look: a token that only its owner reads."""

from pathlib import Path

import pytest

from runtime.streams.tokens import VARIABLE, is_shown, read_token
from schemas.errors import UserError


def test_a_token_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "streams" / "token"
    token = read_token(path, {})
    assert read_token(path, {}) == token
    assert len(token) >= 32
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    assert read_token(tmp_path / "token", {VARIABLE: "mine"}) == "mine"
    assert not (tmp_path / "token").exists()


@pytest.mark.parametrize(("mode", "content"), [(0o644, "secret"), (0o600, " \n")])
def test_a_token_that_others_read_or_that_is_empty_is_refused(
    tmp_path: Path, mode: int, content: str
) -> None:
    path = tmp_path / "token"
    path.write_text(content)
    path.chmod(mode)
    with pytest.raises(UserError, match="token") as refused:
        read_token(path, {})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("headers", "query", "shown"),
    [
        ({"Authorization": "Bearer t"}, {}, True),
        ({}, {"token": "t"}, True),
        ({"Authorization": "Bearer no"}, {"token": "t"}, False),
        ({"Authorization": "Basic t"}, {}, False),
        ({}, {"token": ""}, False),
        ({}, {}, False),
        ({}, {"token": "té"}, False),
    ],
)
def test_a_request_shows_it_in_a_header_or_its_address(
    headers: dict[str, str], query: dict[str, str], shown: bool
) -> None:
    assert is_shown("t", headers, query) is shown
