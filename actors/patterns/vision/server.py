"""The recogniser ``minicpm`` through a server that speaks OpenAI's protocol, such as vLLM."""

import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import msgspec
import numpy as np
from numpy.typing import NDArray

from actors.patterns.charts.digest import chart_hash
from actors.patterns.charts.png import png
from actors.patterns.charts.several import several_intervals
from actors.patterns.recogniser import Abstention, Answer, Question
from actors.patterns.vision.reading import ANSWER_MAX, PROMPT, SCHEMA, heard
from schemas.errors import UserError

NAME: Final = "minicpm"

BARS: Final = 320
"""Sixty candles, and enough for twenty of sixteen times their length."""

_TOKENS_MAX: Final = 200
_BODY_MAX: Final = 16 * ANSWER_MAX
_CHUNK: Final = 4_096


class NoServer(UserError):
    """The address of a server is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig:
    """A server and what is asked of it.

    Attributes:
        url: up to and with ``/v1``; model: the name under which it serves.
        key: sent as a bearer token, where the server wants one; it is in no digest and no event.
        timeout_s: for a whole answer, from asking to its last byte.
        together: questions on their way at once.
    """

    url: str
    model: str
    key: str = ""
    timeout_s: float = 10.0
    together: int = 8


class VisionServer:
    """Implements ``Recogniser``. Each question is a request of its own; a refusal, a time-out, an
    answer without end and one that is not the schema are abstentions, each with its reason.

    Raises:
        NoServer: ``url`` is no web address.
    """

    def __init__(self, config: ServerConfig, name: str = NAME) -> None:
        if not config.url.startswith(("http://", "https://")):
            raise NoServer(f"patterns {name}: url {config.url!r} does not begin with http")
        self.name: Final = name
        self.bars: Final = BARS
        self._config: Final = config
        # The server knows its weights and does not tell; what it is asked is all that can be named.
        said = msgspec.json.encode([config.model, PROMPT, SCHEMA])
        self.model_digest: Final = blake2b(said, digest_size=16).hexdigest()

    def recognise(self, questions: Sequence[Question]) -> Sequence[Answer]:
        with ThreadPoolExecutor(self._config.together) as threads:
            return list(threads.map(self._answer, questions))

    def picture(self, question: Question) -> NDArray[np.uint8] | None:
        return several_intervals(question.interval, question.candles)

    def _answer(self, question: Question) -> Answer:
        picture = several_intervals(question.interval, question.candles)
        try:
            said = self._said(png(picture))
        except TimeoutError:
            return Abstention(reason="timeout", detail=f"{self._config.timeout_s:g} s")
        except HTTPError as error:
            return Abstention(reason="refused", detail=f"{error.code} {error.reason}")
        except (OSError, HTTPException) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                return Abstention(reason="timeout", detail=f"{self._config.timeout_s:g} s")
            return Abstention(reason="no_server", detail=str(error))
        return _told(said, question, chart_hash(picture))

    def _said(self, picture: bytes) -> bytes:
        """The body of the server's answer, as far as it may go."""
        until = time.monotonic() + self._config.timeout_s
        body = bytearray()
        with urlopen(self._request(picture), timeout=self._config.timeout_s) as answer:
            # A server that sends a byte now and then would keep a time-out of the socket waiting.
            while part := answer.read1(_CHUNK):
                body += part
                if time.monotonic() > until:
                    raise TimeoutError
                if len(body) > _BODY_MAX:
                    break
        return bytes(body)

    def _request(self, picture: bytes) -> Request:
        shown = f"data:image/png;base64,{b64encode(picture).decode()}"
        asked = {
            "model": self._config.model,
            "temperature": 0,
            "seed": 0,
            "max_tokens": _TOKENS_MAX,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "reading", "schema": SCHEMA, "strict": True},
            },
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "image_url", "image_url": {"url": shown}},
                        {"type": "text", "text": PROMPT},
                    ],
                }
            ],
        }
        headers = {"Content-Type": "application/json"}
        if self._config.key:
            headers["Authorization"] = f"Bearer {self._config.key}"
        address = f"{self._config.url.rstrip('/')}/chat/completions"
        return Request(address, msgspec.json.encode(asked), headers)


def _told(body: bytes, question: Question, chart: str) -> Answer:
    if len(body) > _BODY_MAX:
        return Abstention(reason="endless", detail=f"more than {_BODY_MAX:,} bytes")
    try:
        choice: Mapping[str, Any] = msgspec.json.decode(body)["choices"][0]
        text, ended = choice["message"]["content"], choice.get("finish_reason")
    except (msgspec.MsgspecError, LookupError, TypeError, AttributeError) as error:
        return Abstention(reason="malformed", detail=f"{error}: {body[:80]!r}")
    if ended == "length":
        return Abstention(reason="endless", detail=f"more than {_TOKENS_MAX} tokens")
    if not isinstance(text, str):
        return Abstention(reason="malformed", detail=f"content is {text!r}")
    return heard(text, question, chart)
