"""The secret that a reader of the tables shows."""

import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from schemas.errors import UserError

VARIABLE: Final = "WAKELINE_STREAMS_TOKEN"

_BEARER: Final = "Bearer "


def read_token(path: Path, environment: Mapping[str, str]) -> str:
    """The token of the environment, or of a file that only its owner reads, made if it is new.

    Raises:
        UserError: the file is empty, cannot be read, or others may read it.
    """
    if given := environment.get(VARIABLE, ""):
        return given
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(24))
        if path.stat().st_mode & 0o077:
            raise UserError(f"{path}: others may read this token: chmod 600 {path}")
        token = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from error
    if not token:
        raise UserError(f"{path}: the token is empty: delete the file, and a new one is made")
    return token


def is_shown(token: str, headers: Mapping[str, str], query: Mapping[str, str]) -> bool:
    """Whether a request shows the token: ``Authorization: Bearer TOKEN``, or ``?token=TOKEN``."""
    said = headers.get("Authorization", "")
    shown = said.removeprefix(_BEARER) if said.startswith(_BEARER) else query.get("token", "")
    return hmac.compare_digest(shown.encode(), token.encode())
