"""A vision-language model behind a server that answers well, badly, late, without end, or not."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from actors.patterns.charts.png import png
from actors.patterns.recogniser import Abstention, Answer, Question, Recognition
from actors.patterns.vision.reading import ANSWER_MAX
from actors.patterns.vision.server import BARS, NoServer, ServerConfig, VisionServer
from tests.support.walks import MINUTE, walked

QUESTION = Question(
    request="r", instrument="A", interval="1m", interval_ns=MINUTE, panel={"A": walked(1, BARS)}
)
GOOD = '{"pattern": "double_top", "direction": "short", "candles": 12, "probability": 0.6}'


class Model(BaseHTTPRequestHandler):
    """Plays a server: says what it is told to, and keeps what it was asked."""

    content: ClassVar[object] = GOOD
    ended: ClassVar[str] = "stop"
    status: ClassVar[int] = 200
    body: ClassVar[bytes | None] = None
    wait_s: ClassVar[float] = 0.0
    dribble: ClassVar[bool] = False
    asked: ClassVar[list[dict[str, object]]] = []

    def do_POST(self) -> None:  # the name that the base class calls
        length = int(self.headers["Content-Length"])
        self.asked.append({"path": self.path, **json.loads(self.rfile.read(length))})
        time.sleep(self.wait_s)
        answer = {"choices": [{"message": {"content": self.content}, "finish_reason": self.ended}]}
        body = json.dumps(answer).encode() if self.body is None else self.body
        self.send_response(self.status)
        self.end_headers()
        try:
            for part in [body[:1]] * 400 if self.dribble else [body]:
                self.wfile.write(part)
                self.wfile.flush()
                time.sleep(0.01 if self.dribble else 0)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(
    timeout_s: float = 5.0, **behaviour: object
) -> Iterator[tuple[VisionServer, type[Model]]]:
    handler = type("Told", (Model,), {"asked": [], **behaviour})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/v1"
        yield VisionServer(ServerConfig(url=url, model="m", timeout_s=timeout_s)), handler
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(timeout_s: float = 5.0, **behaviour: object) -> Answer:
    with serving(timeout_s, **behaviour) as (recogniser, _):
        (said,) = recogniser.recognise([QUESTION])
    return said


def test_a_good_answer_is_recognised_and_names_the_picture() -> None:
    with serving() as (recogniser, model):
        said = recogniser.recognise([QUESTION, QUESTION])
        picture = recogniser.picture(QUESTION)
    assert picture is not None
    (first,) = said[0] if isinstance(said[0], tuple) else ()
    assert said[1] == said[0]
    assert first == Recognition(
        pattern="double_top",
        direction="short",
        horizon=12 * MINUTE,
        confidence=0.6,
        chart_hash=first.chart_hash,
    )
    assert not first.calibrated
    asked = model.asked[0]
    assert asked["path"] == "/v1/chat/completions"
    image, text = asked["messages"][0]["content"]  # type: ignore[index]  # it is JSON
    assert base64.b64decode(image["image_url"]["url"].partition(",")[2]) == png(picture)
    assert QUESTION.instrument not in text["text"].split()


def test_talk_around_the_object_is_passed_over_and_none_is_nothing() -> None:
    assert isinstance(answer(content=f"Certainly! ```json\n{GOOD}\n```"), tuple)
    assert answer(content=GOOD.replace("double_top", "none")) == ()


@pytest.mark.parametrize(
    ("reason", "behaviour"),
    [
        ("malformed", {"content": "up, I think"}),
        ("malformed", {"content": GOOD.replace("0.6", "1.6")}),
        ("malformed", {"content": GOOD.replace("short", "sideways")}),
        ("malformed", {"content": GOOD.replace("}", ', "more": 1}')}),
        ("malformed", {"content": None}),
        ("malformed", {"body": b"<html>"}),
        ("malformed", {"body": b'{"choices": []}'}),
        ("endless", {"ended": "length"}),
        ("endless", {"content": "x" * (ANSWER_MAX + 1)}),
        ("endless", {"body": b" " * 1_000_000}),
        ("refused", {"status": 503}),
        ("timeout", {"wait_s": 0.6, "timeout_s": 0.2}),
        ("timeout", {"dribble": True, "timeout_s": 0.3}),
    ],
)
def test_whatever_is_no_good_answer_is_an_abstention_with_its_reason(
    reason: str, behaviour: dict[str, object]
) -> None:
    began = time.monotonic()
    said = answer(**behaviour)  # type: ignore[arg-type]  # from a table
    assert isinstance(said, Abstention)
    assert said.reason == reason
    assert time.monotonic() - began < 4


def test_a_server_that_is_not_there_is_an_abstention() -> None:
    with serving() as (recogniser, _):
        pass
    (said,) = recogniser.recognise([QUESTION])
    assert isinstance(said, Abstention)
    assert said.reason == "no_server"


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(NoServer, match="does not begin with http"):
        VisionServer(ServerConfig(url="file:///etc/passwd", model="m"))


def test_the_digest_names_the_model_and_no_key() -> None:
    config = ServerConfig(url="http://one/v1", model="m")
    digests = [
        VisionServer(each).model_digest
        for each in (config, replace(config, key="secret"), replace(config, model="n"))
    ]
    assert digests[0] == digests[1] != digests[2]
